"""The one queue in: payloads in their order, read ahead, accepted together, and each caller told when that is done.

A payload stays at the head until the sink has it. Slack is told to deliver again meanwhile; what then comes twice has
one effect, so nothing depends on how often Slack tries.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import structlog

from adapters.slack.fields import Table
from adapters.slack.reading import Deed
from dialogue.errors import RateLimited, StorageUnavailable, Unavailable
from dialogue.events import Event
from dialogue.ports import EventSink
from knowledge_base.ids import SpaceId

MOST_WAITING: Final = 10_000
"""Payloads in the queue; more events are left to Slack to deliver again. Interactions, which it does not, get in."""
AT_ONCE: Final = 500
"""Payloads that are read ahead, and accepted together, at most."""
PATIENCE: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each next try; the last one again and again."""

Payload = Table | Deed
Read = Callable[[Payload], Awaitable[Sequence[Event]]]
Wait = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Interruption:
    """The connection was lost and is there again."""


@dataclass(slots=True)
class _Waiting:
    """``reading``: its events, once somebody began to read it."""

    what: Payload | Interruption
    accepted: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    reading: asyncio.Future[Sequence[Event]] | None = None


class Intake:
    """``read``: what a payload's events are, which may ask the platform. ``wait``: lets seconds pass."""

    def __init__(self, space: SpaceId, read: Read, wait: Wait) -> None:
        self._space = space
        self._read = read
        self._wait = wait
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._resting = False
        self._closed = False

    def put(self, what: Payload | Interruption) -> asyncio.Future[bool] | None:
        """Queue it, at once. True comes when it is durable, False if it never will be; None where there is no room."""
        if self._closed or (len(self._queue) >= MOST_WAITING and isinstance(what, dict)):
            return None
        waiting = _Waiting(what)
        self._queue.append(waiting)
        self._arrived.set()
        if len(self._queue) <= AT_ONCE and not self._resting:
            self._begin(waiting)
        return waiting.accepted

    async def run(self, sink: EventSink) -> None:
        """Hand everything on until cancelled; what is being accepted then is finished."""
        tries = 0
        while True:
            await self._arrived.wait()
            if not self._queue:
                self._arrived.clear()
                continue
            try:
                await self._hand_on(sink)
                tries = 0
            except (StorageUnavailable, Unavailable, RateLimited) as error:
                pause = PATIENCE[min(tries, len(PATIENCE) - 1)]
                if isinstance(error, RateLimited):
                    pause = max(pause, error.after.total_seconds())
                structlog.get_logger().warning("events_wait", space=self._space, reason=type(error).__name__)
                if isinstance(error, StorageUnavailable):
                    await self._wait(pause)
                else:
                    await self._rest(pause)
                tries += 1

    def close(self) -> None:
        """Take nothing any more; what is not accepted is left to Slack to deliver again."""
        self._closed = True
        self._stop_reading()
        for waiting in self._queue:
            if not waiting.accepted.done():
                waiting.accepted.set_result(False)

    async def _rest(self, pause: float) -> None:
        """Nothing is read meanwhile: Slack may be what can't be reached."""
        self._resting = True
        self._stop_reading()
        try:
            await self._wait(pause)
        finally:
            self._resting = False

    async def _hand_on(self, sink: EventSink) -> None:
        head = self._queue[0]
        if isinstance(head.what, Interruption):
            await sink.interrupted(self._space)
            self._done(1)
            return
        if head.reading is not None and head.reading.done() and not _is_read(head.reading):
            # what went wrong when it was read ahead may be over
            head.reading = None
        for waiting in islice(self._queue, AT_ONCE):
            self._begin(waiting)
        events: list[Event] = []
        count = 0
        for waiting in tuple(islice(self._queue, AT_ONCE)):
            if waiting.reading is None or (waiting is not head and not _is_read(waiting.reading)):
                break
            events += await waiting.reading
            count += 1
        await self._accept(sink, events, count)

    def _begin(self, waiting: _Waiting) -> None:
        if waiting.reading is None and not isinstance(waiting.what, Interruption):
            waiting.reading = asyncio.ensure_future(self._read(waiting.what))

    def _stop_reading(self) -> None:
        """What was read already stays so."""
        for waiting in islice(self._queue, AT_ONCE):
            if waiting.reading is not None and not _is_read(waiting.reading):
                waiting.reading.cancel()
                waiting.reading = None

    async def _accept(self, sink: EventSink, events: Sequence[Event], count: int) -> None:
        if not events:
            self._done(count)
            return
        accepting = asyncio.ensure_future(sink.accept(events))
        try:
            await asyncio.shield(accepting)
        except asyncio.CancelledError:
            # whoever waits for these may still be told, if the sink has them
            await asyncio.wait({accepting})
            if not accepting.cancelled() and accepting.exception() is None:
                self._done(count)
            raise
        self._done(count)

    def _done(self, count: int) -> None:
        for _ in range(count):
            waiting = self._queue.popleft()
            if not waiting.accepted.done():
                waiting.accepted.set_result(True)


def _is_read(reading: asyncio.Future[Sequence[Event]]) -> bool:
    """Whether it came to an end, and well."""
    return reading.done() and not reading.cancelled() and reading.exception() is None
