"""A server of Discord with people on it, the bot connected by the real library, and what the bot's sink was given."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import SecretStr

from adapters.discord.config import DiscordConfig
from adapters.discord.gateway import DiscordChat
from adapters.memory.ids import CountingIds
from bot.moments import SystemClock
from dialogue.buttons import BUTTONS
from dialogue.commands.catalogue import COMMANDS
from dialogue.errors import Refused, StorageUnavailable
from dialogue.events import Actor, Event, dedupe_key, space_of
from dialogue.interactions import Choice, Interactions
from dialogue.ports import EventSink
from dialogue.posts import Field, FieldType, Form
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import SpaceId
from tests.servers.discord.rules import every
from tests.servers.discord.server import DiscordServer

Chat = TypeVar("Chat", bound=DiscordChat)
Found = TypeVar("Found", bound=Event)
ANNA, BEN, CARA = "1001", "1002", "1003"


class Scripted(Interactions):
    """Answers as told, and notes what it was asked.

    ``refusal``: the sentence by which everything is refused; ``gone``: no database.
    """

    def __init__(self) -> None:
        self.completions: list[tuple[str, str, str, str]] = []
        self.refusal: str | None = None
        self.gone = False
        self.wrong: dict[str, str] = {}

    async def complete(
        self, space: SpaceId, actor: Actor, noun: str, verb: str, option: str, typed: str
    ) -> Sequence[Choice]:
        self._needs_a_database()
        self.completions.append((noun, verb, option, typed))
        return [Choice("billing", "Billing"), Choice("search", "Search")]

    async def open_form(self, space: SpaceId, actor: Actor, custom_id: str) -> Form:
        self._needs_a_database()
        if self.refusal is not None:
            raise Refused(self.refusal)
        return Form(custom_id, "Decline", (Field("reason", "Why?", FieldType.PARAGRAPH, limit=300),), "Send")

    async def validate(
        self, space: SpaceId, actor: Actor, custom_id: str, values: Mapping[str, str]
    ) -> Mapping[str, str]:
        self._needs_a_database()
        return self.wrong

    def _needs_a_database(self) -> None:
        if self.gone:
            raise StorageUnavailable("the disk is gone")


class Keeper(EventSink):
    """Keeps everything, in order, once; closed, it refuses, or makes wait."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.log: list[str] = []
        self.refusing = 0
        self.refusals = 0
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()
        self._arrived = asyncio.Event()
        self._keys: set[tuple[str, str]] = set()

    async def accept(self, events: Sequence[Event]) -> None:
        self.asked += 1
        self._arrived.set()
        await self.open.wait()
        if self.refusing:
            self.refusing -= 1
            self.refusals += 1
            self._arrived.set()
            raise StorageUnavailable("the disk is full")
        for event in events:
            key = space_of(event), dedupe_key(event)
            if key not in self._keys:
                self._keys.add(key)
                self.events.append(event)
                self.log.append(event.type)
        self._arrived.set()

    async def interrupted(self, space: SpaceId) -> None:
        self.log.append("interrupted")
        self._arrived.set()

    async def until(self, holds: Callable[[], object]) -> None:
        """Returns once it is so."""
        async with asyncio.timeout(60):
            while not holds():
                self._arrived.clear()
                await self._arrived.wait()

    async def got(self, kind: type[Found], count: int = 1) -> list[Found]:
        """The events of a kind, once there are so many."""
        await self.until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)

    def of(self, kind: type[Found]) -> list[Found]:
        return [event for event in self.events if isinstance(event, kind)]


async def at_once(seconds: float) -> None:
    """Waits for nothing, but lets others go on."""
    await asyncio.sleep(0)  # noqa: TID251 - no time passes


def chat_on(
    server: DiscordServer,
    interactions: Interactions | None = None,
    kind: type[Chat] = DiscordChat,  # type: ignore[assignment]
    **settings: Any,
) -> Chat:
    """The bot, told where the server is."""
    token = SecretStr(settings.pop("token", server.world.token))
    config = DiscordConfig(token, server.api_base, server.gateway_address, **settings)
    return kind(
        config,
        interactions=interactions or Scripted(),
        commands=COMMANDS,
        buttons=BUTTONS,
        texts=Texts.load(),
        clock=SystemClock(),
        ids=CountingIds(),
        wait=at_once,
    )


@dataclass
class Stage:
    """Everything a test touches."""

    server: DiscordServer
    chat: DiscordChat
    sink: Keeper
    interactions: Scripted
    guild: str
    channel: str
    support: str

    @asynccontextmanager
    async def live(self) -> AsyncIterator[None]:
        """The bot listens while the block lasts."""
        running = asyncio.get_running_loop().create_task(self.chat.run(self.sink))
        try:
            await self.server.listening()
            yield
        finally:
            running.cancel()
            await asyncio.wait({running})

    def say(self, text: str, by: str = ANNA, **more: Any) -> str:
        return self.server.world.say(by, self.channel, text, **more)


@asynccontextmanager
async def stage(**settings: Any) -> AsyncIterator[Stage]:
    """A server with Anna (nobody special), Ben (a server role "Support") and Cara (may manage the server)."""
    async with DiscordServer().running() as server:
        world = server.world
        guild = world.guild("Acme")
        channel = world.channel(guild, "general")
        support, manager = world.role(guild, "Support"), world.role(guild, "Boss", 1 << 5)
        for user, name, roles in ((ANNA, "Anna", ()), (BEN, "Ben", (support,)), (CARA, "Cara", (manager,))):
            world.user(user, name)
            world.join(guild, user, roles)
        interactions = Scripted()
        chat = chat_on(server, interactions, **settings)
        on = Stage(server, chat, Keeper(), interactions, guild, channel, support)
        try:
            yield on
        finally:
            await on.chat.close()


def readable(message: dict[str, Any]) -> str:
    """What people read in a message: markdown's escapes are not seen."""
    found = [message.get("content") or ""]
    for component in every(message.get("components", [])):
        found += [str(item["description"]) for item in component.get("items", [])]
        found += [str(component[name]) for name in ("content", "label", "placeholder") if name in component]
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", "\n".join(found))
