"""How a client's speed is measured, whichever client it is."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.platforms.served import Served, served
from benchmarks.platforms.serving import LINES, Addresses
from dialogue.events import Event, MessagePosted
from dialogue.ports import EventSink
from knowledge_base.ids import SpaceId

WARM_UP = 1000
"""Messages before those that are measured."""
AT_ONCE = 64
"""Posts that are on their way at any moment."""
TOO_LONG = 120
"""Seconds after which something must have got lost."""


class Heard:
    """Counts messages."""

    def __init__(self) -> None:
        self._enough = asyncio.Event()
        self.expect(0)

    def expect(self, count: int) -> None:
        """So many are to come from now on."""
        self._missing, self._ended = count, 0.0
        self._enough.clear()

    def more(self, count: int) -> None:
        """So many came."""
        self._missing -= count
        if self._missing <= 0 and not self._ended:
            self._ended = time.perf_counter()
            self._enough.set()

    async def all(self) -> float:
        """The moment at which the last one came."""
        async with asyncio.timeout(TOO_LONG):
            await self._enough.wait()
        return self._ended


@dataclass(frozen=True, slots=True)
class NullSink(EventSink):
    """Takes everything at once and keeps nothing but a count."""

    heard: Heard

    async def accept(self, events: Sequence[Event]) -> None:
        """Count what people said."""
        self.heard.more(sum(isinstance(event, MessagePosted) for event in events))

    async def interrupted(self, space: SpaceId) -> None:
        """Nothing is read back."""


class Client(Protocol):
    """What is measured: an adapter, a library, or as much of one as it takes to receive and to ask."""

    heard: Heard

    def running(self, addresses: Addresses) -> AbstractAsyncContextManager[None]:
        """Connected, hearing and able to send, while the block lasts."""
        ...

    async def send(self, channel: str, text: str, number: int) -> None:
        """Post; returns once the platform has answered."""
        ...


@dataclass(slots=True)
class Speeds:
    """Messages a second of each run: ``hears`` from the socket, ``sends`` to the wire, ``dispatches`` without any.

    ``hears_alone`` and ``sends_alone``: a second of the client's own processor time, which is what a second would be on
    a machine with nothing else to do.
    """

    hears: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    hears_alone: list[float] = field(default_factory=list)
    sends_alone: list[float] = field(default_factory=list)
    dispatches: list[float] = field(default_factory=list)


async def measure(client: Client, platform: str, messages: int, sends: int, runs: int) -> Speeds:
    """Run a client on a platform of its own."""
    speeds = Speeds()
    async with served(platform) as server, client.running(server.addresses):
        await _hear(client, server, WARM_UP)
        for _ in range(runs):
            began = time.process_time()
            speeds.hears.append(messages / await _hear(client, server, messages))
            speeds.hears_alone.append(messages / (time.process_time() - began))
        rooms = server.addresses.rooms
        # before the first post to a channel it may be asked what that is
        await _send(client, rooms, range(len(rooms)))
        for run in range(1, runs + 1):
            began = time.process_time()
            speeds.sends.append(sends / await _send(client, rooms, range(run * sends, (run + 1) * sends)))
            speeds.sends_alone.append(sends / (time.process_time() - began))
    return speeds


async def _hear(client: Client, server: Served, messages: int) -> float:
    """Seconds until all were heard."""
    client.heard.expect(messages)
    began = await server.say(messages)
    return await client.heard.all() - began


async def _send(client: Client, rooms: Sequence[str], keys: range) -> float:
    """Seconds until all were sent."""
    numbers = iter(keys)

    async def post() -> None:
        for number in numbers:
            await client.send(rooms[number % len(rooms)], LINES[number % len(LINES)], number)

    began = time.perf_counter()
    async with asyncio.timeout(TOO_LONG), asyncio.TaskGroup() as posting:
        for _ in range(AT_ONCE):
            posting.create_task(post())
    return time.perf_counter() - began
