"""How a process waits: it works until nothing is left, then until somebody rings or something falls due."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Final, Protocol, TypeVar

import structlog
import uvloop

from dialogue.errors import StorageUnavailable

LONGEST_PAUSE: Final = timedelta(seconds=30)


Outcome = TypeVar("Outcome")


def run(work: Coroutine[object, object, Outcome]) -> Outcome:
    """Run the program's outermost coroutine to its end, on the event loop that wakes threads the quickest."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


class Process(Protocol):
    """Something that is done again and again."""

    async def run_once(self) -> int:
        """Do what there is to do now; returns how much that was."""

    async def pause(self) -> timedelta:
        """How long it may wait when nothing was left."""


class Bell:
    """Wakes one process. Ringing while it works makes it look once more."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There may be work."""
        self._rung.set()

    async def wait(self, longest: timedelta) -> None:
        """Until somebody rings, ``longest`` at most."""
        try:
            async with asyncio.timeout(max(0.0, longest.total_seconds())):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()


class Loop:
    """Runs a process until asked to stop; what it is doing is finished first."""

    def __init__(self, name: str, process: Process, bell: Bell, after: Callable[[int], None]) -> None:
        """``after`` is told how much each round did, to wake whom that concerns."""
        self.bell = bell
        self._name = name
        self._process = process
        self._after = after
        self._stopping = False

    async def run(self) -> None:
        """Round after round. A database that can't be reached is waited for, longer each time."""
        trouble = 0
        while not self._stopping:
            try:
                done = await self._process.run_once()
                longest = timedelta() if done else await self._process.pause()
                trouble = 0
            except StorageUnavailable as error:
                trouble += 1
                done, longest = 0, min(LONGEST_PAUSE, timedelta(seconds=2 ** min(trouble, 5)))
                structlog.get_logger().error("storage_unavailable", process=self._name, reason=str(error))
            if done:
                self._after(done)
            elif not self._stopping:
                await self.bell.wait(min(longest, LONGEST_PAUSE))

    def stop(self) -> None:
        """Finish the present round and return from :meth:`run`."""
        self._stopping = True
        self.bell.ring()
