"""A running chat, the sink it feeds, and what came of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from adapters.memory.clock import FakeClock
from adapters.slack.config import Transport
from adapters.slack.gateway import SlackChat, who_am_i
from dialogue.errors import StorageUnavailable
from dialogue.events import Event, dedupe_key
from dialogue.ports import EventSink
from knowledge_base.ids import SpaceId
from tests.contract.chat.contract import running
from tests.integration.slack.running import Told, chat_on, config_of
from tests.servers.slack.server import SlackServer

Kind = TypeVar("Kind")


class Ledger(EventSink):
    """Keeps each event once, as the inbox does. ``full``: refuses meanwhile; ``slow``: waits until it is set."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.delivered = 0
        self.full = False
        self.refused = asyncio.Event()
        self.accepting = asyncio.Event()
        self.slow = asyncio.Event()
        self.slow.set()
        self.interruptions: list[SpaceId] = []
        self._keys: set[str] = set()
        self._arrived = asyncio.Event()

    async def accept(self, events: Sequence[Event]) -> None:
        self.accepting.set()
        await self.slow.wait()
        if self.full:
            self.refused.set()
            raise StorageUnavailable("the disk is full")
        for event in events:
            self.delivered += 1
            if dedupe_key(event) not in self._keys:
                self._keys.add(dedupe_key(event))
                self.events.append(event)
        self._arrived.set()

    async def interrupted(self, space: SpaceId) -> None:
        self.interruptions.append(space)
        self._arrived.set()

    async def kept(self, count: int, kind: type[Kind]) -> list[Kind]:
        """The events of a kind, as soon as there are that many."""
        async with asyncio.timeout(30):
            while len(found := [event for event in self.events if isinstance(event, kind)]) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return found


@dataclass
class Play:
    server: SlackServer
    chat: SlackChat
    sink: Ledger
    told: Told
    clock: FakeClock

    async def one(self, kind: type[Kind]) -> Kind:
        """The only event of a kind, once everything was delivered."""
        async with asyncio.timeout(30):
            await self.server.deliveries.settled()
        (found,) = await self.sink.kept(1, kind)
        return found


@asynccontextmanager
async def playing(
    server: SlackServer,
    transport: Transport = Transport.SOCKET,
    deadline: float = 2.0,
) -> AsyncIterator[Play]:
    """Runs a chat on a server while the block lasts."""
    port = 0
    if transport is Transport.HTTP:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server.deliveries.url = f"http://127.0.0.1:{port}/slack/events"
    config = config_of(server, transport, port)
    told, clock = Told(), FakeClock(datetime.fromtimestamp(server.space.now(), UTC))

    async def wait(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    chat = chat_on(config, await who_am_i(config), told=told, clock=clock, wait=wait, deadline=deadline)
    play = Play(server, chat, Ledger(), told, clock)
    async with running(chat, play.sink):
        yield play
