"""A relay over a real file and a chat in memory that fails as told; rows are put into the outbox by hand."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.memory.chat import MemoryChat
from adapters.memory.clock import FakeClock
from adapters.storage.database import Database
from adapters.storage.tables import outbox
from bot.relay import Relay
from bot.sending import Sender
from dialogue.actions import Action, Findable, OutboxId, Outgoing, Post, Said
from dialogue.chat import AnswersInteractions, Chat, Limits
from dialogue.departing import Departure, Desk, depart
from dialogue.errors import Rejected
from dialogue.fence import Fence
from dialogue.ports import UnitOfWork
from dialogue.posts import Post as Content
from dialogue.posts import plain
from dialogue.rows import OutboxRow, SentRef
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.ids import ChannelId, CommunityId, PlatformMessageId, SpaceId
from tests.stage import MONDAY, SPACE

ACME = CommunityId("acme")
ROOM, HALL = ChannelId("product"), ChannelId("hall")
TEXTS = Texts.load()
SECOND = timedelta(seconds=1)


class Plain:
    def mask(self, text: str) -> str:
        return text


class Moody(MemoryChat):
    """Each send takes the next mood: fails before it arrives, or after; looking takes the next of ``blind``.

    ``gates``: a send into this channel waits until its gate is open; one gate each.
    """

    def __init__(self, *before: Exception | None, after: Sequence[Exception | None] = ()) -> None:
        super().__init__(SPACE)
        self.before, self.after = deque(before), deque(after)
        self.blind: deque[Exception | None] = deque()
        self.gates: dict[ChannelId, deque[asyncio.Event]] = {}
        self.asked: list[OutboxId] = []
        self.began = asyncio.Event()

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Content, key: OutboxId
    ) -> SentRef:
        self.asked.append(key)
        self.began.set()
        if gates := self.gates.get(channel):
            await gates.popleft().wait()
        _raise_next(self.before)
        ref = await super().send(space, channel, thread, post, key)
        _raise_next(self.after)
        return ref

    async def find_sent(self, action: Findable, key: OutboxId, since: datetime) -> SentRef | None:
        _raise_next(self.blind)
        return await super().find_sent(action, key, since)

    def close(self, channel: ChannelId) -> asyncio.Event:
        """The next send into the channel hangs until the returned gate is set."""
        gate = asyncio.Event()
        self.gates.setdefault(channel, deque()).append(gate)
        return gate


class PublicOnly(Chat, AnswersInteractions):
    """Has no direct messages, and never takes an answer."""

    def __init__(self) -> None:
        self.spaces = frozenset({SPACE})
        self.said: list[object] = []

    async def run(self, sink: object) -> None: ...

    def identity(self) -> None: ...

    def limits(self) -> Limits:
        return Limits(text=4000, buttons=5)

    async def send(self, *said: object) -> None:
        self.said.append(said)

    async def reply(self, *said: object) -> None:
        raise Rejected("the handle is no longer valid")


def _raise_next(errors: deque[Exception | None]) -> None:
    error = errors.popleft() if errors else None
    if error is not None:
        raise error


class Office:
    """One space with two internal channels."""

    def __init__(self, database: Database, chat: MemoryChat) -> None:
        self.database = database
        self.chat = chat
        self.clock = FakeClock(MONDAY)
        self.relay = self.another()

    def another(self, chat: MemoryChat | None = None, leave=None, connected: bool = True) -> Relay:
        """A relay over the same database, as another process has it."""
        chats = {SPACE: chat or self.chat} if connected else {}
        desk = Desk(Fence(Plain(), TEXTS), TEXTS)

        async def leaving(uow: UnitOfWork, row: OutboxRow) -> Departure:
            return await depart(uow, row, desk, self.clock.now())

        sender = Sender(self.database, self.clock, leave or leaving, chats.get)
        return Relay(self.database, self.clock, sender)

    async def found(self) -> "Office":
        async with self.database.begin() as uow:
            await uow.communities.found(ACME, SPACE, "acme", self.clock.now())
            for channel in (ROOM, HALL):
                await uow.channels.see(ACME, SPACE, channel, channel, Audience.INTERNAL, Shared.NO)
                await uow.channels.choose(SPACE, channel, mode=Mode.OFF)
            await uow.commit()
        return self

    async def see(self, audience: Audience = Audience.INTERNAL, shared: Shared = Shared.NO) -> None:
        """Who reads the room now."""
        async with self.database.begin() as uow:
            await uow.channels.see(ACME, SPACE, ROOM, ROOM, audience, shared)
            await uow.commit()

    async def add(self, name: str, action: Action | None = None, **how: object) -> None:
        outgoing = Outgoing(action or say(name), **how)
        async with self.database.begin() as uow:
            await uow.outbox.add(ACME, outgoing, "cause", OutboxId(name), self.clock.now())
            await uow.commit()

    async def round(self, relay: Relay | None = None) -> None:
        """One round, written."""
        await (relay or self.relay).run_once()
        await (relay or self.relay).finish()

    async def rounds(self, count: int = 6, pause: timedelta = 31 * SECOND) -> None:
        for _ in range(count):
            await self.relay.run_once()
            self.clock.advance(pause)

    async def until_sent(self, *names: str) -> None:
        """Rounds until these are asked for; how many that takes depends on the machine."""
        async with asyncio.timeout(30):
            while not set(names) <= set(self.chat.asked):
                await self.relay.run_once()

    async def rows(self) -> dict[str, object]:
        async with self.database.read() as uow:
            return {row.id: row for row in await uow._transaction.rows(outbox.select())}

    async def row(self, name: str):
        return (await self.rows())[name]


def say(text: str, channel: ChannelId = ROOM) -> Post:
    return Post(SPACE, channel, Said(plain(text)))
