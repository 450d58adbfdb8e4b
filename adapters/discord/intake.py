"""First in, first out: what arrives is queued before anybody waits, and one consumer hands all of it to the sink.

What is told of people (:class:`~dialogue.events.MemberChanged`) has an order of its own, and stands behind everything
else: when thousands join at once, what is said meanwhile doesn't wait for them.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import structlog

from dialogue.errors import StorageUnavailable
from dialogue.events import Event, MemberChanged
from dialogue.ports import EventSink
from knowledge_base.ids import AccountId, SpaceId

PATIENCE: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each next try to hand over what could not be kept; the last one again and again."""
MOST_AT_ONCE: Final = 500
"""Events handed over in one go: after a long wait for the database, one transaction can't take them all."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """From here on the connection is a new one, and something may have been missed before."""

    space: SpaceId


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event; ``kept`` is set once it is durable."""

    event: Event
    kept: asyncio.Event = field(default_factory=asyncio.Event)


class Intake:
    """Outlives a connection: what was not accepted is handed over by the next :meth:`feed`."""

    def __init__(self, wait: Callable[[float], Awaitable[None]]) -> None:
        self._wait = wait
        self._queue: deque[Arrival | Interrupted] = deque()
        self._people: OrderedDict[tuple[SpaceId, AccountId], MemberChanged] = OrderedDict()
        self._arrived = asyncio.Event()

    def put(self, event: Event) -> Arrival:
        """An event arrived."""
        arrival = Arrival(event)
        self._queue.append(arrival)
        self._arrived.set()
        return arrival

    def put_member(self, event: MemberChanged) -> None:
        """Somebody joined or changed; the latest of one person counts."""
        self._people[event.space, event.actor.account] = event
        self._arrived.set()

    def interrupt(self, space: SpaceId) -> None:
        """The connection was lost and is there again."""
        self._queue.append(Interrupted(space))
        self._arrived.set()

    async def feed(self, sink: EventSink) -> None:
        """Hand over everything in its order until cancelled."""
        tries = 0
        while True:
            try:
                await self._hand_over(sink)
                tries = 0
            except StorageUnavailable as error:
                structlog.get_logger().warning("events_not_kept", waiting=len(self._queue), reason=str(error))
                await self._wait(PATIENCE[min(tries, len(PATIENCE) - 1)])
                tries += 1

    async def _hand_over(self, sink: EventSink) -> None:
        """What is queued, up to the next interruption, or a part of it. Only what was accepted leaves the queue."""
        if not self._queue and not self._people:
            self._arrived.clear()
            await self._arrived.wait()
        first = self._queue[0] if self._queue else None
        if isinstance(first, Interrupted):
            await sink.interrupted(first.space)
            self._queue.popleft()
            return
        batch = self._batch()
        people = list(islice(self._people.values(), MOST_AT_ONCE - len(batch)))
        await sink.accept([*(arrival.event for arrival in batch), *people])
        for arrival in batch:
            self._queue.popleft()
            arrival.kept.set()
        for event in people:
            key = event.space, event.actor.account
            if self._people[key] is event:  # else somebody changed again meanwhile
                del self._people[key]

    def _batch(self) -> Sequence[Arrival]:
        batch: list[Arrival] = []
        for item in self._queue:
            if isinstance(item, Interrupted) or len(batch) == MOST_AT_ONCE:
                break
            batch.append(item)
        return batch
