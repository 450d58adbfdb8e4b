"""When a route sends an insight: its conditions, and what they are held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final, Self

from knowledge_base.facets import Tone, Urgency
from knowledge_base.ids import ChannelId, InsightId, SpaceId
from knowledge_base.insights import Insight, Voice
from knowledge_base.kinds import Kind

_WORDS: Final = 4_096
"""Words of admins that are kept ready to be compared."""


class Joined(StrEnum):
    """How many of a route's parts must hold."""

    ALL = "all"
    ANY = "any"


def where(space: SpaceId, channel: ChannelId) -> str:
    """A channel as conditions name it."""
    return f"{space}/{channel}"


@dataclass(frozen=True, slots=True)
class Example:
    """What a route asks to be meant: a sentence in its language, or what the first voices of an insight say."""

    text: str = ""
    language: str = ""
    insight: InsightId | None = None


@dataclass(frozen=True)
class Heard:
    """An insight with what was said of it so far. ``voices`` may be left empty where no condition asks for them.

    ``like``: of the examples that conditions ask for, those that it means.
    """

    insight: Insight
    voices: Sequence[Voice]
    like: frozenset[Example] = frozenset()

    @cached_property
    def texts(self) -> Sequence[str]:
        """What was said, ready to be searched for words."""
        return [_padded(voice.text) for voice in self.voices]


@dataclass(frozen=True, slots=True)
class Conditions:
    """When a route sends: all parts that are given must hold, or any one of them; without any part, always.

    Within a part one match is enough: one tag, one voice that says a word, in that tone, from that channel.
    ``channels`` are named as by :func:`where`. ``demand``: how many people must have said it, 0 for any number.
    """

    tags: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    words: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    tones: frozenset[Tone] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    spaces: frozenset[SpaceId] = frozenset()
    tiers: frozenset[str] = frozenset()
    demand: int = 0
    like: Example | None = None
    joined: Joined = Joined.ALL

    def hold(self, heard: Heard) -> bool:
        """Whether this is meant. Words match whole, without regard to case."""
        parts = self._parts(heard)
        if self.like is not None:
            parts.append(self.like in heard.like)
        return all(parts) if self.joined is Joined.ALL else any(parts) or self.is_everything

    def hang_on_likeness(self, heard: Heard) -> bool:
        """Whether they hold or not is for their example to say, whatever it is like."""
        if self.like is None:
            return False
        parts = self._parts(heard)
        return all(parts) if self.joined is Joined.ALL else not any(parts)

    @property
    def is_everything(self) -> bool:
        """Whether no part is given, so that they always hold."""
        return not (self.tags or self.kinds or self.demand or self.like or self.ask_voices)

    @property
    def ask_voices(self) -> bool:
        """Whether it matters what was said, by whom and where."""
        said = self.words or self.areas or self.tones or self.urgencies or self.languages
        return bool(said or self.channels or self.spaces or self.tiers)

    @classmethod
    def everything(cls) -> Self:
        """Conditions that always hold."""
        return cls()

    def _parts(self, heard: Heard) -> list[bool]:
        insight = heard.insight
        parts: list[bool] = []
        if self.kinds:
            parts.append(insight.kind in self.kinds)
        if self.tags:
            parts.append(not self.tags.isdisjoint(insight.tags))
        if self.demand:
            parts.append(insight.demand >= self.demand)
        # what is cheap has decided most, before anybody's words are looked at
        if self.ask_voices and (all(parts) if self.joined is Joined.ALL else not any(parts)):
            parts.extend(self._said(heard))
        return parts

    def _said(self, heard: Heard) -> Sequence[bool]:
        voices = heard.voices
        parts: list[bool] = []
        if self.channels:
            parts.append(any(where(voice.origin.space, voice.origin.channel) in self.channels for voice in voices))
        if self.spaces:
            parts.append(any(voice.origin.space in self.spaces for voice in voices))
        if self.tiers:
            parts.append(any(voice.tier in self.tiers for voice in voices))
        if self.languages:
            parts.append(any(voice.language in self.languages for voice in voices))
        if self.words:
            wanted = [padded for word in self.words if (padded := _padded_word(word)).strip()]
            parts.append(any(word in text for text in heard.texts for word in wanted))
        return [*parts, *self._told(voices)]

    def _told(self, voices: Sequence[Voice]) -> Sequence[bool]:
        parts: list[bool] = []
        if self.areas:
            parts.append(any(voice.facets.area in self.areas for voice in voices))
        if self.tones:
            parts.append(any(voice.facets.tone in self.tones for voice in voices))
        if self.urgencies:
            parts.append(any(voice.facets.urgency in self.urgencies for voice in voices))
        return parts


def _padded(text: str) -> str:
    """The words of a text without regard to case, each between spaces."""
    letters = "".join(c if c.isalnum() else " " for c in text.casefold())
    return f" {' '.join(letters.split())} "


_padded_word = lru_cache(_WORDS)(_padded)
