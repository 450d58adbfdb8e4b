"""Texts are thought about beside the thread that judges them: by threads, or in a process of its own.

Python runs one thread at a time, so only a process leaves the judging thread a processor to itself. It is worth its
start, and the models' memory, where thousands of messages wait.
"""

import os
import signal
from asyncio import to_thread, wrap_future
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Generic, TypeVar

from dialogue.capturing.thinking import Understanding, think
from dialogue.capturing.thinking_ahead import think_ahead
from dialogue.errors import DialogueError
from dialogue.events import Event
from dialogue.router import Thought
from dialogue.understanding.foreseeing import Beginning, Foreseer
from dialogue.understanding.values import Heard, Prepared
from knowledge_base.merging import Meaning

Load = Callable[[], Understanding]
"""How to come by the models: a function of a module, so that it can be named to another process."""

Attempt = Thought | Exception | None
"""What is thought of an event, or why that failed; None for an event without a text."""

Think = Callable[[Sequence[Event]], Awaitable[Sequence[Attempt]]]
"""Thinks of events one after the other, so that none depends on others."""

Given = TypeVar("Given")
Made = TypeVar("Made")


class ThinkingEnded(DialogueError):
    """A process that thinks was ended from outside."""

    def __init__(self) -> None:
        super().__init__(
            "A process that helps to read was ended, as happens when memory is short. "
            "Free some memory and run it again."
        )


@dataclass(frozen=True, slots=True)
class Promised(Generic[Made]):
    """What is being made."""

    future: "Future[Made]"

    @classmethod
    def kept(cls, made: Made) -> "Promised[Made]":
        """What is made already."""
        future = Future[Made]()
        future.set_result(made)
        return cls(future)

    def get(self) -> Made:
        """It, once it is there. Raises :class:`ThinkingEnded`, and what was raised where it was made."""
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
    """Work for an executor whose only worker comes by the models by ``load``. Jobs are done in the order they come."""

    executor: Executor
    load: Load
    _given: deque[Callable[[], bool]] = field(default_factory=deque, init=False, repr=False, compare=False)
    """Of each job that may not be done yet, what tells that it is."""

    def has_at_most(self, jobs: int) -> bool:
        """Whether no more than so many are left to be done there."""
        self._forget_what_is_done()
        return len(self._given) <= jobs

    def prepared(self, heard: Sequence[Heard]) -> Promised[Sequence[Prepared]]:
        """What each of these messages says by itself."""
        return self.promised(_prepared, heard)

    def looks(self, prepared: Sequence[Prepared]) -> Promised[Sequence[Prepared]]:
        """Each of these messages, of which only the words were read yet, in the light of what it means."""
        return self.promised(_looks, prepared)

    def meanings(self, prepared: Sequence[Prepared]) -> Promised[Sequence[Meaning]]:
        """What each of these messages means."""
        return self.promised(_meanings, prepared)

    def events(self, events: Sequence[Event]) -> Promised[Sequence[Attempt]]:
        """What is thought of each event."""
        return self.promised(_events, events)

    def foreseen(self, events: Sequence[Event]) -> Promised[Sequence[Attempt]]:
        """The same of events that surely come next, with how messages are judged then."""
        return self.promised(_foreseen, events)

    def begin(self, beginnings: Sequence[Beginning]) -> Promised[None]:
        """From here on, messages that are foreseen are judged after what is remembered of these lanes."""
        return self.promised(_begin_lanes, beginnings)

    def promised(self, work: Callable[[Load, Sequence[Given]], Made], given: Sequence[Given]) -> Promised[Made]:
        """What work makes of it over there: a function of a module, so that it can be named to another process."""
        try:
            future = self.executor.submit(work, self.load, given)
        except BrokenProcessPool as cause:
            raise ThinkingEnded from cause
        self._forget_what_is_done()
        self._given.append(future.done)
        return Promised(future)

    def _forget_what_is_done(self) -> None:
        while self._given and self._given[0]():
            self._given.popleft()


def in_threads(one: Callable[[Event], Thought | None]) -> Think:
    """Threads of this process, for as long as there are events to think about."""

    async def all_of_them(events: Sequence[Event]) -> Sequence[Attempt]:
        return await to_thread(_each, one, events)

    return all_of_them


@contextmanager
def in_a_process(load: Load, *, reads: bool = True) -> Iterator[Thinking]:
    """A process that thinks, for the time of the block. It ends with this one, however that ends.

    ``reads``: it has the models read before it is asked anything; else each is read when it is first asked.
    """
    executor = ProcessPoolExecutor(1, get_context("spawn"), initializer=_end_with_parent)
    try:
        with _interrupts_held_back():
            executor.submit(_begin if reads else _wait_for_work, load)
        _hear_its_end(executor)
        yield Thinking(executor, load)
    finally:
        executor.shutdown(cancel_futures=True)


def _hear_its_end(executor: ProcessPoolExecutor) -> None:
    """Let it be noticed where the process is killed in the middle of an answer.

    This process holds the end open, too, at which the other one writes: as long as it does, the rest is waited for.
    """
    executor._result_queue._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A process that is begun in the block never hears Ctrl+C, from its first moment on: this one ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # multiprocessing's tracker of resources unblocks interrupts when it begins; it has begun with the executor
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End when the process that began this one is gone, even if it was killed."""
    Thread(target=_wait_for_its_end, daemon=True).start()


def _wait_for_its_end() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _begin(load: Load) -> None:
    """Read the models while nobody waits for them yet: each is read when it is first asked."""
    load().embedders.meaning("begin", "en")


def _wait_for_work(load: Load) -> None:
    """Be there."""


def _prepared(load: Load, heard: Sequence[Heard]) -> Sequence[Prepared]:
    understanding = load()
    return [understanding.prepare(one) for one in heard]


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


def _begin_lanes(load: Load, beginnings: Sequence[Beginning]) -> None:
    for beginning in beginnings:
        _foreseer(load).begin(beginning)


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
