"""The other side of a chat as its contract needs it, and what takes the chat's events meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import pytest

from dialogue.errors import StorageUnavailable
from dialogue.events import Actor, Event, MessagePosted, ReplyHandle, dedupe_key
from dialogue.ports import Chat, EventSink
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
Ability = TypeVar("Ability")
Kind = TypeVar("Kind")


class Driver(Protocol):
    """The platform's other side: what people do there, and what they see. ``chat`` is new after :meth:`restart`."""

    chat: Chat
    space: SpaceId
    channel: ChannelId
    role: str
    """The id of a role that the bot can give; only where the chat is one that GrantsRoles."""

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        """Somebody says something in ``channel``."""

    def interrupt(self) -> None:
        """The connection to the platform is lost and made again."""

    async def asks(self, actor: Actor) -> ReplyHandle:
        """Somebody gives a command in ``channel``; by what it can be answered."""

    async def selects(self, actor: Actor, on: SentRef, custom_id: str, channels: Sequence[ChannelId]) -> None:
        """Somebody chooses channels from the menu ``custom_id`` that stands on the bot's post ``on``."""

    def restart(self) -> None:
        """Our program ends without a warning and starts again; the platform keeps what it has."""

    def shown(self, ref: SentRef) -> str:
        """Everything people can read in a message, as text."""

    def answers(self, account: AccountId) -> Sequence[str]:
        """What somebody was answered so that they alone see it, each as text, oldest first."""

    def documents(self, account: AccountId) -> Sequence[bytes]:
        """The files that somebody was given so that they alone have them, oldest first."""

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        """The emoji that the bot has on a message in ``channel``, each as often as it stands there."""

    def threads(self, message: PlatformMessageId) -> Sequence[str]:
        """The names of the threads that were begun on a message in ``channel``; only where the chat OpensThreads."""

    def roles(self, account: AccountId) -> Sequence[str]:
        """The ids of the roles that somebody holds, each once; only where the chat is one that GrantsRoles."""


class Keeping(EventSink):
    """Accepts everything, or refuses as often as it is told to."""

    def __init__(self, refuse: int = 0) -> None:
        self.events: list[Event] = []
        self.interruptions: list[tuple[SpaceId, int]] = []
        self.refused = asyncio.Event()
        self._refuse = refuse
        self._arrived = asyncio.Event()

    async def accept(self, events: Sequence[Event]) -> None:
        if self._refuse:
            self._refuse -= 1
            self.refused.set()
            raise StorageUnavailable("the disk is full")
        self.events.extend(events)
        self._arrived.set()

    async def interrupted(self, space: SpaceId) -> None:
        """Notes how many events came before."""
        self.interruptions.append((space, len(self.events)))

    async def texts(self, count: int) -> list[str]:
        """What was said, each once, as soon as there are that many."""
        async with asyncio.timeout(30):
            while len(said := self._said()) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return said

    async def first(self, kind: type[Kind]) -> Kind:
        """The first event of this type, as soon as it is there."""
        async with asyncio.timeout(30):
            while not (found := [event for event in self.events if isinstance(event, kind)]):
                self._arrived.clear()
                await self._arrived.wait()
        return found[0]

    def _said(self) -> list[str]:
        once = {dedupe_key(event): event.text for event in self.events if isinstance(event, MessagePosted)}
        return list(once.values())


@asynccontextmanager
async def running(chat: Chat, sink: EventSink) -> AsyncIterator[None]:
    """Runs a chat while the block lasts, then cancels it as the program does."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(chat.run(sink))
        try:
            yield
        finally:
            task.cancel()


class Recorder(EventSink):
    """Refuses everything, and notes under which keys it came."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.refused = asyncio.Event()

    async def accept(self, events: Sequence[Event]) -> None:
        self.keys = [dedupe_key(event) for event in events]
        self.refused.set()
        raise StorageUnavailable("the disk is full")


def able(driver: Driver, ability: type[Ability]) -> Ability:
    """The chat, if it claims the ability; else the test has nothing to say."""
    if not isinstance(driver.chat, ability):
        pytest.skip(f"it does not claim to be one that {ability.__name__}")
    return driver.chat
