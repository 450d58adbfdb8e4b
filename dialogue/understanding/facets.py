"""What else a message tells, whatever its kind: tone, urgency, the competitors it names, and the product area.

By words alone, in a dozen languages (``facets.toml``): cheap, and staff can see which word it was. It is told apart
from the kind: a problem can be reported kindly, and a question can be urgent.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from dialogue.understanding.cues import Phrasebook
from dialogue.understanding.tokens import START, tokens
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.kinds import Kind
from knowledge_base.speech import readable
from knowledge_base.topics import Topic, TopicKind

_TURNED_WITHIN = 3
"""A word this far behind a "not" means the opposite."""

_KIND_LEANS = {Kind.PRAISE: 1, Kind.COMPLAINT: -1}
_ASKED_FOR = frozenset({Kind.QUESTION, Kind.PROBLEM, Kind.REQUEST, Kind.COMPLAINT})
"""Kinds that can be urgent: who gives advice or talks about deadlines in general wants nothing."""


@dataclass(frozen=True, slots=True)
class Urge:
    """Why something is urgent, in words, and how much."""

    urgency: Urgency
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """The facets of a message, with the reasons that staff are shown."""

    facets: Facets
    reasons: tuple[str, ...]


def facets_of(text: str, kind: Kind, topics: Sequence[Topic] = ()) -> Told:
    """What a message of this kind tells besides it. ``topics``: the competitors and areas that its community named.

    Never raises on any text; takes time bounded by what is read of it.
    """
    said = tokens(readable(text))
    tone, tone_word = _tone(said, kind)
    urge = _urge(said) if kind in _ASKED_FOR else None
    found = _topics(tuple(topics)).found(said) if topics else []
    competitors = _names(TopicKind.COMPETITOR, (hit.meaning for hit in found))
    areas = _names(TopicKind.AREA, (hit.meaning for hit in found))
    facets = Facets(tone, urge.urgency if urge else Urgency.NONE, competitors, areas[0] if areas else None)
    reasons = [f'tone {tone.value}: "{tone_word}"'] if tone_word and tone is not Tone.NEUTRAL else []
    reasons += [f"urgent {urge.urgency.value}: {urge.reason}"] if urge else []
    reasons += [f"names {name}" for name in competitors]
    reasons += [f"is about {facets.area}"] if facets.area else []
    return Told(facets, tuple(reasons))


def _tone(said: Sequence[str], kind: Kind) -> tuple[Tone, str]:
    """The side with more words, and the first word of that side; the kind breaks ties."""
    turns = [hit.start for hit in _turns().found(said)]
    score, words = _KIND_LEANS.get(kind, 0), {1: "", -1: ""}
    for hit in _tones().found(said):
        turned = any(0 < hit.start - at <= _TURNED_WITHIN and START not in said[at : hit.start] for at in turns)
        side = -hit.meaning if turned else hit.meaning
        score += side
        words[side] = words[side] or hit.said(said)
    if score == 0:
        return Tone.NEUTRAL, ""
    return (Tone.POSITIVE, words[1]) if score > 0 else (Tone.NEGATIVE, words[-1])


def _urge(said: Sequence[str]) -> Urge | None:
    """The strongest reason; of equals the first."""
    urges = [hit.meaning for hit in _urges().found(said)]
    return next((urge for urge in urges if urge.urgency is Urgency.NOW), urges[0] if urges else None)


def _names(kind: TopicKind, topics: Iterable[Topic]) -> tuple[str, ...]:
    """Topics of a kind by how often they are named, then by name."""
    counts: dict[str, int] = {}
    for topic in topics:
        if topic.kind is kind:
            counts[topic.name] = counts.get(topic.name, 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


@lru_cache(maxsize=64)
def _topics(topics: tuple[Topic, ...]) -> Phrasebook[Topic]:
    """A community's own words; each also with an s."""
    entries = [
        (phrase + ending, topic)
        for topic in topics
        for word in (topic.name, *topic.words)
        if (phrase := " ".join(token for token in tokens(word) if token.isalnum()))
        for ending in ("", "s")
    ]
    return Phrasebook(entries)


@cache
def _tones() -> Phrasebook[int]:
    words = _catalogue()["tone"]
    sides = [(phrase, side) for name, side in (("positive", 1), ("negative", -1)) for phrase in words[name]]
    return Phrasebook(sides)


@cache
def _turns() -> Phrasebook[bool]:
    return Phrasebook((phrase, True) for phrase in _catalogue()["tone"]["turns"])


@cache
def _urges() -> Phrasebook[Urge]:
    return Phrasebook(
        (phrase, Urge(urgency, reason))
        for name, urgency in (("urgency", Urgency.NOW), ("soon", Urgency.SOON))
        for reason, phrases in _catalogue()[name].items()
        for phrase in phrases
    )


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("facets.toml").read_text("utf-8"))
