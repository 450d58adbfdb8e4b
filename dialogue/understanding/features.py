"""What is seen of a message and each earlier one that it might answer: named facts, each true or not.

Distances are counted in lines and in the channel's own pace, never in seconds, so that a channel with one message an
hour looks like one with ten a minute. Facts are strings that a person can read; ``links.py`` weighs them.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from math import fsum, log
from typing import NamedTuple

from dialogue.understanding.values import Judged, Prepared, Sign

_NEAR = 30
"""Lines back to which everybody's messages are considered; further back only one's own and those of people named."""

_LINES = (0, 1, 2, 3, 5, 8, 13, 20, 40)
_PACES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 40.0, 100.0)
_OVERLAPS = (0.0, 2.0, 4.0, 7.0, 11.0)
_LENGTHS = (1, 3, 7, 15, 30)
_PACE_LINES = 24
_PACE_TURNS = 3
_ALIVE_LINES = 10
_HEARD = (1, 4, 10, 30)
_NAMING = 0.25
"""From this share of lines that name somebody on, a channel's habit is to name whom one answers."""

_TELLING_SIGNS = (
    Sign.INQUIRES,
    Sign.THANKS,
    Sign.CONFIRMS,
    Sign.DENIES,
    Sign.GREETS,
    Sign.CONTINUES,
    Sign.JOINS,
    Sign.REACTS,
)


Facts = tuple[str, ...]

_remembered = lru_cache(maxsize=1 << 12)
"""Most facts were said of some earlier option too: then they need not be written, nor weighed, again."""


class Option(NamedTuple):
    """One message that may be the parent (None: the message starts a conversation), with what speaks for it."""

    parent: Judged | None
    groups: tuple[Facts, ...]

    @property
    def facts(self) -> Facts:
        """Everything that is seen of it."""
        return tuple(chain.from_iterable(self.groups))


class _About(NamedTuple):
    """How the message is spoken, in a word each."""

    naming: str
    asking: str
    habit: str
    alive: int
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What holds for the message whichever parent it has."""

    message: Prepared
    about: _About
    named: frozenset[str]
    pace: float | None
    mine: frozenset[str]
    waiting: frozenset[str]


def options(recent: Sequence[Judged], message: Prepared) -> list[Option]:
    """Every possible parent, latest first, and last the option to start anew."""
    thread = message.heard.thread
    people = [judged for judged in reversed(recent) if judged.by_person and judged.thread == thread]
    scene = _scene(people, message)
    return [*_parents(people, scene), Option(None, (_facts_of_start(people, scene),))]


def _scene(people: Sequence[Judged], message: Prepared) -> _Scene:
    author = message.heard.author
    spoken_to = message.addressees | message.hints
    named = frozenset(
        [j.author for j in people if j.author != author and not spoken_to.isdisjoint(j.prepared.names)]
        if spoken_to
        else ()
    )
    habitual = sum([bool(judged.prepared.addressees) for judged in people]) > _NAMING * len(people)
    about = _About(
        naming="names" if named else "names somebody else" if message.addressees else "names nobody",
        asking="asks" if Sign.ASKS in message.signs else "tells",
        habit="naming" if habitual else "plain",
        alive=min(len({judged.conversation for judged in people[:_ALIVE_LINES]}), 4),
        signs=tuple(sign.value for sign in _TELLING_SIGNS if sign in message.signs),
    )
    return _Scene(
        message=message,
        about=about,
        named=named,
        pace=_pace(people),
        mine=frozenset([judged.conversation for judged in people if judged.author == author]),
        waiting=_waiting(people),
    )


def _waiting(people: Sequence[Judged]) -> frozenset[str]:
    """The conversations in which only one person has spoken so far."""
    speaker: dict[str, str] = {}
    answered = set()
    for judged in people:
        if speaker.setdefault(judged.conversation, judged.author) != judged.author:
            answered.add(judged.conversation)
    return frozenset(speaker.keys() - answered)


def _pace(people: Sequence[Judged]) -> float | None:
    """The usual time between two speakers' lines, in seconds: the mean without the longest fifth, which are nights.

    Lines that one person writes in a row are one turn and say nothing about the channel's pace. None: not known yet.
    """
    gaps = sorted(
        max(0.0, later.prepared.seconds - earlier.prepared.seconds)
        for later, earlier in pairwise(people[:_PACE_LINES])
        if later.author != earlier.author
    )
    if len(gaps) < _PACE_TURNS:
        return None
    kept = gaps[: len(gaps) - len(gaps) // 5]
    return max(1.0, fsum(kept) / len(kept))


def _paces(scene: _Scene, earlier: Prepared) -> str:
    """How long ago an earlier message was, in steps of the channel's pace."""
    if scene.pace is None:
        return "?"
    return str(bisect_right(_PACES, (scene.message.seconds - earlier.seconds) / scene.pace))


def _parents(people: Sequence[Judged], scene: _Scene) -> list[Option]:
    words = scene.message.words
    shared = [words & judged.prepared.words for judged in people]
    rarity = _rarity(shared)
    later_lines: dict[str, int] = {}
    later_in: set[str] = set()
    me = scene.message.heard.author
    found = []
    for line, judged in enumerate(people):
        speaker, conversation = judged.author, judged.conversation
        if line <= _NEAR or speaker == me or speaker in scene.named:
            place = "earlier" if conversation in later_in else "latest"
            groups = _groups(
                judged,
                scene,
                line,
                later_lines.get(speaker, 0),
                f"{place}, spoke since" if me in later_lines else place,
                fsum([rarity[word] for word in shared[line]]),
            )
            found.append(Option(judged, groups))
        later_lines[speaker] = later_lines.get(speaker, 0) + 1
        later_in.add(conversation)
    return found


def _rarity(shared: Sequence[frozenset[int]]) -> dict[int, float]:
    """How much it says that two messages share a word: less, the more messages here have it."""
    having = Counter(chain.from_iterable(shared))
    return {word: log((len(shared) + 1) / count) for word, count in having.items()}


def _groups(
    judged: Judged, scene: _Scene, line: int, later_lines: int, place: str, overlap: float
) -> tuple[Facts, ...]:
    """How the speakers stand, how far apart the messages are, what asks and what tells, and the earlier's place."""
    about, earlier = scene.about, judged.prepared
    who = "own" if judged.author == scene.message.heard.author else "other"
    relation = _relation(judged, scene)
    asked = "after question" if Sign.ASKS in earlier.signs else "after statement"
    near = bisect_right(_LINES, line)
    return (
        _lines_between(about.habit, relation, near, min(later_lines, 3)),
        _paces_between(about.habit, relation, _paces(scene, earlier)),
        _question_and_answer(who, about.asking, asked, min(near, 4), bisect_right(_LENGTHS, earlier.length)),
        _standing(
            about,
            who,
            relation,
            place,
            "takes part" if judged.conversation in scene.mine else "is new there",
            "start" if judged.reply_to is None else "reply",
            "waits" if judged.conversation in scene.waiting else "is answered",
        ),
        _words_shared(who, bisect_right(_OVERLAPS, overlap)),
    )


def _relation(judged: Judged, scene: _Scene) -> str:
    """How the two speakers stand to each other, by whom their messages name."""
    earlier, message = judged.prepared, scene.message
    if judged.author == message.heard.author:
        same = earlier.addressees == message.addressees
        return f"own line, {scene.about.naming}, {'same as before' if same else 'other than before'}"
    naming = scene.about.naming
    if scene.named:
        naming = "names them" if judged.author in scene.named else "names another"
    if not message.names.isdisjoint(earlier.addressees):
        return f"{naming}, was named"
    if not message.names.isdisjoint(earlier.hints):
        return f"{naming}, was perhaps named"
    return f"{naming}, {'another was named' if earlier.addressees else 'nobody was named'}"


@_remembered
def _lines_between(habit: str, relation: str, near: int, later_lines: int) -> Facts:
    there = f"{habit} channel: {relation}"
    return (f"{there}, lines {near}", f"{there}, speaker's later lines {later_lines}")


@_remembered
def _paces_between(habit: str, relation: str, paces: str) -> Facts:
    return (f"{habit} channel: {relation}, paces {paces}",)


@_remembered
def _question_and_answer(who: str, asking: str, asked: str, near: int, length: int) -> Facts:
    return (f"{who} {asking} {asked}, lines {near}", f"{who} {asked}, length {length}")


@_remembered
def _words_shared(who: str, overlap: int) -> Facts:
    return (f"{who} shares words {overlap}",)


@_remembered
def _standing(about: _About, who: str, relation: str, place: str, part: str, start: str, state: str) -> Facts:
    """Where the earlier message stands in its conversation, and whether this speaker is part of that."""
    return (
        f"{about.habit} channel: {who} {about.naming}, {place}, {part}",
        f"{relation}, {place}",
        f"{who} {start}, {place}, {part}, {about.asking}",
        f"{who} {state}, {place}, {part}, {about.alive} alive",
        *[f"{sign}: {who}, {state}, {part}, {place}" for sign in about.signs],
        *[f"{sign}: {relation}" for sign in about.signs],
    )


def _facts_of_start(people: Sequence[Judged], scene: _Scene) -> Facts:
    """What speaks for a new conversation: a newcomer, a question, a greeting, a silence, nobody named."""
    message, about = scene.message, scene.about
    me = message.heard.author
    last = next((line for line, j in enumerate(people) if j.author == me), None)
    who = "newcomer" if last is None else "known speaker"
    known = "start by newcomer" if last is None else f"start, own last line {bisect_right(_LINES, last)}"
    silence = _paces(scene, people[0].prepared) if people else "?"
    facts = [
        f"start in {about.habit} channel",
        f"start, {about.naming}, {about.habit}",
        f"{known}, {about.asking}",
        f"{known}, {about.naming}, {about.habit}",
        f"start, {message.guess.kind.value}",
        f"{known}, {about.alive} alive",
        f"{known}, heard {bisect_right(_HEARD, len(people))}",
        f"start, {about.asking}, {about.alive} alive, {about.habit}",
        f"start, length {bisect_right(_LENGTHS, message.length)}, {about.naming}",
        f"start, {about.habit}, silence {silence}",
    ]
    facts.extend(f"{sign}: start by {who}, {about.alive} alive, {about.habit}" for sign in about.signs)
    return tuple(facts)
