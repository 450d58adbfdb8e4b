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
    places: dict[Worded, tuple[int, int]]
    asked: set[int] = field(default_factory=set)

    def give_up(self) -> None:
        """Think nothing more of what nobody asked for."""
        for n, part in enumerate(self.parts):
            if n not in self.asked:
                part.future.cancel()


class Foresight:
    """Has thought about what is surely coming before it is asked, so that nobody waits for it batch by batch.

    It stands in the process that decides; :class:`~dialogue.understanding.foreseeing.Foreseer` in the one that thinks.

    ``states``: of those who decide; where other things happened in a lane than were foreseen, it is begun anew.
    """

    def __init__(self, thinking: Thinking, states: States) -> None:
        self._thinking = thinking
        self._states = states
        self._beginnings = count(1)
        self._chunks: deque[_Chunk] = deque()
        self._begun: Promised[None] | None = None

    def expect(self, events: Sequence[Event]) -> None:
        """These come next, once what was expected before is decided.

        Of what was expected before that and nobody asked for, nothing more is thought.
        """
        worded = [event for event in events if isinstance(event, Worded)]
        parts = [worded[first : first + PART] for first in range(0, len(worded), PART)]
        self._begin({event.place.lane for event in worded})
        places: dict[Worded, tuple[int, int]] = {
            event: (n, place) for n, part in enumerate(parts) for place, event in enumerate(part)
        }
        self._chunks.append(_Chunk([self._thinking.foreseen(part) for part in parts], places))
        while len(self._chunks) > _KEPT:
            self._chunks.popleft().give_up()

    def is_of_one_mind(self, events: Sequence[Event]) -> bool:
        """Whether none of their lanes has to be begun anew.

        A lane that was let go seems to be of one mind until it is loaded again.
        """
        return not self._strayed({event.place.lane for event in events if isinstance(event, Worded)})

    async def events(self, events: Sequence[Event]) -> Sequence[Attempt]:
        """See :data:`~bot.thinking.Think`; each expected event is remembered for one asking.

        Raises :class:`~bot.thinking.ThinkingEnded`.
        """
        expected = [self._expected(event) if isinstance(event, Worded) else None for event in events]
        others = [n for n, event in enumerate(events) if expected[n] is None and isinstance(event, Worded)]
        made = self._thinking.events([events[n] for n in others]) if others else None
        parts = {part: await part.wait() for part in dict.fromkeys(one[0] for one in expected if one is not None)}
        thoughts = [None if one is None else parts[one[0]][one[1]] for one in expected]
        if made is not None:
            for n, thought in zip(others, await made.wait(), strict=True):
                thoughts[n] = thought
        return thoughts

    def _expected(self, event: Worded) -> tuple[Promised[Sequence[Attempt]], int] | None:
        """The part in which an expected event is, and where."""
        for chunk in self._chunks:
            place = chunk.places.pop(event, None)
            if place is not None:
                chunk.asked.add(place[0])
                return chunk.parts[place[0]], place[1]
        return None

    def _begin(self, lanes: Collection[Lane]) -> None:
        if self._begun is not None and self._begun.future.done():
            self._begun.get()  # why it failed, if it did
        beginnings = []
        for lane, recent in self._strayed(lanes).items():
            point = Point(next(self._beginnings), None)
            self._states.meet(lane, point)
            beginnings.append(Beginning(lane, point, [_remembered(judged) for judged in recent]))
        if beginnings:
            self._begun = self._thinking.begin(beginnings)

    def _strayed(self, lanes: Collection[Lane]) -> dict[Lane, Sequence[Judged]]:
        """What is remembered of the lanes whose messages were judged otherwise than was foreseen."""
        known = ((lane, self._states.known(lane)) for lane in sorted(lanes))
        return {lane: state.recent for lane, state in known if state and self._states.point(lane) is None}


def _remembered(judged: Judged) -> Judged:
    """Without what served to judge it: whoever compares with it does not ask."""
    return replace(judged, prepared=replace(judged.prepared, guess=judged.prepared.guess.remembered()))
