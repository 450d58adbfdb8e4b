"""What surely comes is thought about before anybody asks, chunk by chunk, in the process that thinks."""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from bot.thinking import Attempt, Promised, Thinking
from dialogue.capturing.thinking import Worded
from dialogue.events import Event, Lane
from dialogue.understanding.foreseeing import Beginning
from dialogue.understanding.states import Point, States
from dialogue.understanding.values import Judged

PART: Final = 64
"""Events that are thought about in one go where thousands are to come."""

_KEPT: Final = 2
"""Chunks that may still be asked for: the one that is decided, and the next."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Parts that are thought about, where in them each event is, and which of them were asked for."""

    parts: Sequence[Promised[Sequence[Attempt]]]
    places: dict[Event, tuple[int, int]]
    asked: set[int] = field(default_factory=set)

    def give_up(self) -> None:
        """Think nothing more of what nobody asked for."""
        for n, part in enumerate(self.parts):
            if n not in self.asked:
                part.future.cancel()


class Foresight:
    """Thinks of what is surely coming before it is asked, so that nobody waits for it batch by batch.

    ``states``: of those who decide; where other things happened in a lane than were foreseen, it is begun anew.
    """

    def __init__(self, thinking: Thinking, states: States) -> None:
        self._thinking = thinking
        self._states = states
        self._beginnings = count(1)
        self._chunks: deque[_Chunk] = deque()

    def expect(self, events: Sequence[Event]) -> None:
        """These come next, once what was expected before is decided.

        Of what was expected before that and nobody asked for, nothing more is thought.
        """
        worded = [event for event in events if isinstance(event, Worded)]
        parts = [worded[first : first + PART] for first in range(0, len(worded), PART)]
        self._begin({event.place.lane for event in worded})
        places: dict[Event, tuple[int, int]] = {
            event: (n, place) for n, part in enumerate(parts) for place, event in enumerate(part)
        }
        self._chunks.append(_Chunk([self._thinking.foreseen(part) for part in parts], places))
        while len(self._chunks) > _KEPT:
            self._chunks.popleft().give_up()

    def is_of_one_mind(self, events: Sequence[Event]) -> bool:
        """Whether in no lane of these other things happened than were foreseen, as far as all is decided."""
        return not self._strayed({event.place.lane for event in events if isinstance(event, Worded)})

    async def events(self, events: Sequence[Event]) -> Sequence[Attempt]:
        """See :data:`~bot.thinking.Think`; each expected event is remembered for one asking.

        Raises :class:`~bot.thinking.ThinkingEnded`.
        """
        expected = [self._expected(event) for event in events]
        others = [n for n, event in enumerate(events) if expected[n] is None and isinstance(event, Worded)]
        made = self._thinking.events([events[n] for n in others]) if others else None
        thoughts = [(await one[0].wait())[one[1]] if one is not None else None for one in expected]
        if made is not None:
            for n, thought in zip(others, await made.wait(), strict=True):
                thoughts[n] = thought
        return thoughts

    def _expected(self, event: Event) -> tuple[Promised[Sequence[Attempt]], int] | None:
        """The part in which an expected event is, and where."""
        for chunk in self._chunks:
            place = chunk.places.pop(event, None)
            if place is not None:
                chunk.asked.add(place[0])
                return chunk.parts[place[0]], place[1]
        return None

    def _begin(self, lanes: Collection[Lane]) -> None:
        beginnings = []
        for lane, recent in self._strayed(lanes).items():
            point = Point(next(self._beginnings), 0)
            self._states.meet(lane, point)
            beginnings.append(Beginning(lane, point, [_in_words(judged) for judged in recent]))
        if beginnings:
            self._thinking.begin(beginnings)

    def _strayed(self, lanes: Collection[Lane]) -> dict[Lane, Sequence[Judged]]:
        """What is remembered of the lanes whose messages were judged otherwise than was foreseen."""
        known = ((lane, self._states.known(lane)) for lane in sorted(lanes))
        return {lane: state.recent for lane, state in known if state and self._states.point(lane) is None}


def _in_words(judged: Judged) -> Judged:
    """What finds the rule of a guess when asked can't be sent to another process."""
    return replace(judged, prepared=replace(judged.prepared, guess=judged.prepared.guess.in_words()))
