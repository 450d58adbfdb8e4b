"""Whether more people say something than before: a pure function of who said it when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from knowledge_base.insights import Voice

SPAN: Final = timedelta(days=30)
"""How long each of the two times is that are compared."""


class Direction(StrEnum):
    """Which way it goes."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Trend:
    """How many people said it in its latest 30 days, and in the 30 before those."""

    recent: int
    before: int

    @property
    def direction(self) -> Direction:
        """Whether more people say it than before."""
        if self.recent == self.before:
            return Direction.STEADY
        return Direction.RISING if self.recent > self.before else Direction.FALLING


def trend(voices: Sequence[Voice]) -> Trend | None:
    """Counted back from when it was last said, not from now: the same voices always have the same trend.

    Each person counts once in each of the two times. None where it has not been said for longer than one of them.
    """
    if not voices:
        return None
    last = max(voice.at for voice in voices)
    if min(voice.at for voice in voices) > last - SPAN:
        return None
    recent = {voice.member for voice in voices if voice.at > last - SPAN}
    before = {voice.member for voice in voices if last - 2 * SPAN < voice.at <= last - SPAN}
    return Trend(len(recent), len(before))
