"""The one queue in: payloads in their order of arrival, read and accepted together, each caller told when that is done.

A payload stays at the head until the sink has it. Slack is told to deliver again meanwhile; what then comes twice has
one effect, so nothing depends on how often Slack tries.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
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
"""Payloads accepted together, at most."""
PATIENCE: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each next try; the last one again and again."""

Payload = Table | Deed
Read = Callable[[Payload], Awaitable[Sequence[Event]]]
Wait = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Interruption:
    """The connection was lost and is there again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    what: Payload | Interruption
    accepted: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Intake:
    """``read``: what a payload's events are, which may ask the platform. ``wait``: lets seconds pass."""

    def __init__(self, space: SpaceId, read: Read, wait: Wait) -> None:
        self._space = space
        self._read = read
        self._wait = wait
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._closed = False

    def put(self, what: Payload | Interruption) -> asyncio.Future[bool] | None:
        """Queue it, at once. True comes when it is durable, False if it never will be; None where there is no room."""
        if self._closed or (len(self._queue) >= MOST_WAITING and isinstance(what, dict)):
            return None
        waiting = _Waiting(what)
        self._queue.append(waiting)
        self._arrived.set()
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
                await self._wait(pause)
                tries += 1

    def close(self) -> None:
        """Take nothing any more; what is not accepted is left to Slack to deliver again."""
        self._closed = True
        for waiting in self._queue:
            if not waiting.accepted.done():
                waiting.accepted.set_result(False)

    async def _hand_on(self, sink: EventSink) -> None:
        if isinstance(self._queue[0].what, Interruption):
            await sink.interrupted(self._space)
            self._done(1)
            return
        events: list[Event] = []
        count = 0
        for waiting in tuple(self._queue)[:AT_ONCE]:
            if isinstance(waiting.what, Interruption):
                break
            events += await self._read(waiting.what)
            count += 1
        await self._accept(sink, events, count)

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
