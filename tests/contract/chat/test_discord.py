import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar

import pytest

from adapters.discord.emoji import name_of
from adapters.discord.gateway import DiscordChat
from adapters.discord.render import EPHEMERAL
from dialogue.errors import StorageUnavailable
from dialogue.events import Actor, MessagePosted, ReplyHandle
from dialogue.ports import EventSink
from dialogue.rows import Gap, SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role
from tests.contract.chat.contract import SINCE, ChatContract, Driver
from tests.integration.discord.stage import at_once, chat_on, readable
from tests.servers.discord.server import DiscordServer

ANNA = Actor(AccountId("1001"), "Anna Kowalska", Role.CUSTOMER)


class ReadsBack(DiscordChat):
    """Does at its start what the program does there: reads what was said since the last message that was kept.

    Discord delivers nothing again by itself, so without this nothing said before a start would be heard.
    """

    driver: "DiscordDriver"

    async def run(self, sink: EventSink) -> None:
        self.driver.runs = True
        try:
            await self._read_back(sink)
            await super().run(sink)
        finally:
            self.driver.runs = False

    async def _read_back(self, sink: EventSink) -> None:
        gap = Gap(self.driver.space, self.driver.channel, self.driver.kept, SINCE)
        events = await self.history(gap, None)
        while events:
            try:
                await sink.accept(events)
            except StorageUnavailable:
                await at_once(1)
            else:
                self.driver.kept = [event.message for event in events if isinstance(event, MessagePosted)][-1]
                return


class DiscordDriver(Driver):
    """People act on the server's state; the bot is the real library on a real socket."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server
        world = server.world
        world.user(ANNA.account, ANNA.name)
        guild = world.guild("Acme")
        world.join(guild, ANNA.account)
        self.space = SpaceId(guild)
        self.channel = ChannelId(world.channel(guild, "general"))
        self.role = world.role(guild, "Champion")
        self.kept: PlatformMessageId | None = None
        self.runs = False
        self.chats: list[DiscordChat] = []
        self.restart()

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        await at_once(0)  # a chat that was just told to run begins
        if self.runs:
            await self.server.listening()
        said = PlatformMessageId(self.server.world.say(actor.account, self.channel, text))
        if self.runs:
            self.kept = said
        return said

    def interrupt(self) -> None:
        sessions = self.server.gateway.sessions
        for session in sessions.values():
            socket, session.socket = session.socket, None
            if socket is not None:
                asyncio.get_running_loop().create_task(socket.socket.close(code=4000))
        sessions.clear()

    async def asks(self, actor: Actor) -> ReplyHandle:
        asked = self.server.world.command(actor.account, self.channel, "help")
        asked.acknowledged = {"type": 5, "data": {"flags": 64}}
        chat = self.chats[-1]
        return ReplyHandle(f"note:{asked.token}", chat._clock.now().replace(year=2100))

    async def selects(self, actor: Actor, on: SentRef, custom_id: str, channels: Sequence[ChannelId]) -> None:
        await at_once(0)
        await self.server.listening()
        self.server.world.choose(actor.account, on.channel, on.message, custom_id, *channels)

    def restart(self) -> None:
        chat = chat_on(self.server, kind=ReadsBack)
        chat.driver = self
        self.chats.append(chat)
        self.chat = chat

    def shown(self, ref: SentRef) -> str:
        return readable(self.server.world.shown(ref.channel, ref.message))

    def answers(self, account: AccountId) -> Sequence[str]:
        asked = [each for each in self.server.world.interactions.values() if each.user == account]
        return [readable(answer) for each in asked for answer in each.answers]

    def documents(self, account: AccountId) -> Sequence[bytes]:
        world = self.server.world
        asked = [each for each in world.interactions.values() if each.user == account]
        alone = {answer["id"] for each in asked for answer in each.answers if answer["flags"] & EPHEMERAL}
        alone |= {
            message["id"]
            for channel, messages in world.messages.items()
            if world.channels[channel].get("recipient") == account
            for message in messages.values()
        }
        return [content for name, content in world.files.items() if name.split("/")[0] in alone]

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        given = self.server.world.reactions.get((self.channel, message), {})
        return [name_of(emoji) for emoji, users in given.items() for user in users if user == self.server.world.bot]

    def threads(self, message: PlatformMessageId) -> Sequence[str]:
        thread = self.server.world.channels.get(message)
        return [str(thread["name"])] if thread else []

    def roles(self, account: AccountId) -> Sequence[str]:
        return [str(role) for role in self.server.world.members[self.space, account]["roles"]]


class TestDiscord(ChatContract):
    """Discord, through its library."""

    ANNA: ClassVar[Actor] = ANNA

    @pytest.fixture
    async def driver(self) -> AsyncIterator[DiscordDriver]:
        async with DiscordServer().running() as server:
            driver = DiscordDriver(server)
            await driver.chats[-1].prepare()
            yield driver
            for chat in driver.chats:
                await chat.close()
