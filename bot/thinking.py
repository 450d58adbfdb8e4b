"""Texts are thought about beside the thread that judges them: by threads, or in a process of its own.

Python runs one thread at a time, so only a process leaves the judging thread a processor to itself. It is worth its
start, and the models' memory, where thousands of messages wait.
"""

import os
import signal
from asyncio import to_thread, wrap_future
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Final, Generic, TypeVar

from dialogue.capturing.thinking import Understanding, Worded, think
from dialogue.capturing.thinking_ahead import think_ahead
from dialogue.errors import DialogueError
from dialogue.events import Event, Lane
from dialogue.router import Thought
from dialogue.understanding.foreseeing import Foreseer
from dialogue.understanding.states import Point, States
from dialogue.understanding.values import Judged, Prepared
from knowledge_base.merging import Meaning

Load = Callable[[], Understanding]
"""How to come by the models: a function of a module, so that it can be named to another process."""

Attempt = Thought | Exception | None
"""What can be computed of an event alone, or why that failed; None for an event without a text."""

Think = Callable[[Sequence[Event]], Awaitable[Sequence[Attempt]]]
"""Thinks of events one after the other, so that none depends on others."""

PART: Final = 64
"""Events that are thought about in one go where thousands are to come."""

Given = TypeVar("Given")
Made = TypeVar("Made")


class ThinkingEnded(DialogueError):
    """The process that thinks was ended from outside."""

    def __init__(self) -> None:
        super().__init__(
            "The process that reads the texts was ended, as happens when memory is short. "
            "Free some memory and run it again."
        )


@dataclass(frozen=True, slots=True)
class Promised(Generic[Made]):
    """What is being made."""

    future: "Future[Made]"

    def get(self) -> Made:
        """It, once it is there. Raises :class:`ThinkingEnded`."""
        try:
            return self.future.result()
        except BrokenProcessPool as cause:
            raise ThinkingEnded from cause

    async def wait(self) -> Made:
        """As :meth:`get`, while the loop goes on."""
        try:
            return await wrap_future(self.future)
        except BrokenProcessPool as cause:
            raise ThinkingEnded from cause


@dataclass(frozen=True, slots=True)
class Thinking:
    """Work for an executor whose workers come by the models by ``load``. Jobs are begun in the order they come."""

    executor: Executor
    load: Load

    def looks(self, prepared: Sequence[Prepared]) -> Promised[Sequence[Prepared]]:
        """Each of these messages, of which only the words were read yet, in the light of what it means."""
        return self._promised(_looks, prepared)

    def meanings(self, prepared: Sequence[Prepared]) -> Promised[Sequence[Meaning]]:
        """What each of these messages means."""
        return self._promised(_meanings, prepared)

    def events(self, events: Sequence[Event]) -> Promised[Sequence[Attempt]]:
        """What is thought of each event."""
        return self._promised(_events, events)

    def foreseen(self, events: Sequence[Event]) -> Promised[Sequence[Attempt]]:
        """The same of events that surely come next, with how messages are judged then."""
        return self._promised(_foreseen, events)

    def begin(self, lanes: Sequence["Beginning"]) -> Promised[None]:
        """From here on, messages that are foreseen are judged after what is remembered of these lanes."""
        return self._promised(_begin_lanes, lanes)

    def _promised(self, work: Callable[[Load, Sequence[Given]], Made], given: Sequence[Given]) -> Promised[Made]:
        try:
            return Promised(self.executor.submit(work, self.load, given))
        except BrokenProcessPool as cause:
            raise ThinkingEnded from cause


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a lane remembers, and the point from which on it is judged elsewhere too."""

    lane: Lane
    point: Point
    recent: Sequence[Judged]


class Foresight:
    """Thinks of what is surely coming before it is asked, so that nobody waits for it batch by batch."""

    def __init__(self, thinking: Thinking) -> None:
        self._thinking = thinking
        self._beginnings = count(1)
        self._parts: Sequence[Promised[Sequence[Attempt]]] = ()
        self._places: dict[Event, tuple[int, int]] = {}
        self._asked: set[int] = set()

    def expect(self, events: Sequence[Event], states: States) -> None:
        """These come next; of what was expected before and nobody asked for, nothing more is thought.

        ``states``: of those who decide; where other things happened in a lane than were foreseen, it is begun anew.
        """
        for n, part in enumerate(self._parts):
            if n not in self._asked:
                part.future.cancel()
        self._asked.clear()
        worded = [event for event in events if isinstance(event, Worded)]
        parts = [worded[first : first + PART] for first in range(0, len(worded), PART)]
        self._begin({event.place.lane for event in worded}, states)
        self._parts = [self._thinking.foreseen(part) for part in parts]
        self._places = {event: (n, place) for n, part in enumerate(parts) for place, event in enumerate(part)}

    async def events(self, events: Sequence[Event]) -> Sequence[Attempt]:
        """See :data:`Think`; each expected event is remembered for one asking. Raises :class:`ThinkingEnded`."""
        places = [self._places.pop(event, None) if isinstance(event, Worded) else None for event in events]
        others = [n for n, event in enumerate(events) if places[n] is None and isinstance(event, Worded)]
        made = self._thinking.events([events[n] for n in others]) if others else None
        asked = {place[0]: self._parts[place[0]] for place in places if place is not None}
        self._asked.update(asked)
        parts = {n: await part.wait() for n, part in asked.items()}
        thoughts = [None if place is None else parts[place[0]][place[1]] for place in places]
        if made is not None:
            for n, thought in zip(others, await made.wait(), strict=True):
                thoughts[n] = thought
        return thoughts

    def _begin(self, lanes: Collection[Lane], states: States) -> None:
        beginnings = []
        for lane in sorted(lanes):
            state = states.known(lane)
            if state is not None and states.point(lane) is None:
                point = Point(next(self._beginnings), 0)
                states.meet(lane, point)
                beginnings.append(Beginning(lane, point, [_in_words(judged) for judged in state.recent]))
        if beginnings:
            self._thinking.begin(beginnings)


def _in_words(judged: Judged) -> Judged:
    """What finds the rule of a guess when asked can't be sent to another process."""
    return replace(judged, prepared=replace(judged.prepared, guess=judged.prepared.guess.in_words()))


def in_threads(one: Callable[[Event], Thought | None]) -> Think:
    """Threads of this process, for as long as there are events to think about."""

    async def all_of_them(events: Sequence[Event]) -> Sequence[Attempt]:
        return await to_thread(_each, one, events)

    return all_of_them


@contextmanager
def in_a_process(load: Load) -> Iterator[Thinking]:
    """A process that thinks, for the time of the block. It ends with this one, however that ends."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_settle) as executor:
        try:
            executor.submit(_begin, load)
            yield Thinking(executor, load)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


def _settle() -> None:
    """Leave Ctrl+C to the process that began this one, and end when that is gone, even if it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _begin(load: Load) -> None:
    """Read the models while nobody waits for them yet: each is read when it is first asked."""
    load().embedders.meaning("begin", "en")


def _looks(load: Load, prepared: Sequence[Prepared]) -> Sequence[Prepared]:
    understanding = load()
    return [understanding.look_again(one) for one in prepared]


def _meanings(load: Load, prepared: Sequence[Prepared]) -> Sequence[Meaning]:
    understanding = load()
    return [understanding.meaning(one) for one in prepared]


def _events(load: Load, events: Sequence[Event]) -> Sequence[Attempt]:
    understanding = load()
    return _each(lambda event: think(event, understanding), events)


def _foreseen(load: Load, events: Sequence[Event]) -> Sequence[Attempt]:
    understanding, foreseer = load(), _foreseer(load)
    return _each(lambda event: think_ahead(event, understanding, foreseer), events)


def _begin_lanes(load: Load, lanes: Sequence[Beginning]) -> None:
    for begun in lanes:
        _foreseer(load).begin(begun.lane, begun.point, begun.recent)


@cache
def _foreseer(load: Load) -> Foreseer:
    """Of the process that thinks."""
    return Foreseer(load().prepare)


def _each(one: Callable[[Event], Thought | None], events: Sequence[Event]) -> Sequence[Attempt]:
    thoughts: list[Attempt] = []
    for event in events:
        try:
            thoughts.append(one(event))
        except Exception as error:  # noqa: BLE001 - it is raised again where its event is decided
            thoughts.append(error)
    return thoughts
