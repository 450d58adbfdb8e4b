import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.discord.errors import NotConnected
from adapters.discord.gateway import DiscordChat
from dialogue.events import MessagePosted
from tests.integration.discord.stage import ANNA, Keeper, chat_on
from tests.servers.discord.server import DiscordServer

EVEN, ODD = str(1000 << 23), str((1000 << 23) | (1 << 22))
"""Two servers: of two shards the first hears of one, the second of the other."""


class Spaces(Keeper):
    """Notes of which space it was told that something was missed."""

    async def interrupted(self, space: str) -> None:
        await super().interrupted(space)  # type: ignore[arg-type]
        self.log[-1] = f"interrupted {space}"


@dataclass
class Pair:
    """A bot on two servers, each with one channel."""

    server: DiscordServer
    chat: DiscordChat
    sink: Spaces
    even: str
    odd: str

    def say(self, channel: str, text: str) -> str:
        return self.server.world.say(ANNA, channel, text)

    async def connected(self, *shards: int) -> None:
        gateway = self.server.gateway
        await self.server.until(
            lambda: {each.shard[0] for each in gateway.sessions.values() if each.socket is not None} >= set(shards)
        )


@asynccontextmanager
async def pair(*owned: int, shards: int = 2, **settings: Any) -> AsyncIterator[Pair]:
    async with DiscordServer().running() as server:
        world = server.world
        world.shards = shards
        world.user(ANNA, "Anna")
        channels = []
        for guild in (EVEN, ODD):
            world.guild("Acme", guild)
            world.join(guild, ANNA)
            channels.append(world.channel(guild, "general"))
        chat = chat_on(server, shards=owned, **settings)
        on = Pair(server, chat, Spaces(), channels[0], channels[1])
        running = asyncio.get_running_loop().create_task(chat.run(on.sink))
        try:
            await on.connected(*(owned or range(shards)))
            yield on
        finally:
            running.cancel()
            await asyncio.wait({running})


async def test_as_many_shards_as_recommended_hear_of_all_servers() -> None:
    async with pair() as on:
        on.say(on.even, "in the even one")
        await on.sink.got(MessagePosted)
        on.say(on.odd, "in the odd one")
        await on.sink.got(MessagePosted, 2)
        told = sorted(tuple(each["shard"]) for each in on.server.gateway.identified)
        assert on.chat.spaces == {EVEN, ODD}
    assert told == [(0, 2), (1, 2)]
    assert [(event.place.space, event.text) for event in on.sink.of(MessagePosted)] == [
        (EVEN, "in the even one"),
        (ODD, "in the odd one"),
    ]


async def test_a_process_has_only_the_servers_of_its_shards() -> None:
    async with pair(1, shard_count=2) as on:
        on.say(on.even, "somebody else hears this")
        on.say(on.odd, "mine")
        said = await on.sink.got(MessagePosted)
        assert [tuple(each["shard"]) for each in on.server.gateway.identified] == [(1, 2)]
        assert on.chat.spaces == {ODD}
        await on.chat.prepare()
        assert on.chat.spaces == {ODD}
    assert [event.text for event in said] == ["mine"]


async def test_a_lost_session_interrupts_the_servers_of_its_shard_alone() -> None:
    async with pair() as on:
        on.say(on.even, "before")
        await on.sink.got(MessagePosted)
        await on.server.gateway.drop(resumable=False, shard=1)
        await on.connected(0, 1)
        on.say(on.odd, "after")
        on.say(on.even, "after")
        await on.sink.got(MessagePosted, 3)
        assert on.chat.spaces == {EVEN, ODD}
    assert [entry for entry in on.sink.log if entry.startswith("interrupted")] == [f"interrupted {ODD}"]
    assert on.sink.log[1] == f"interrupted {ODD}" or on.sink.log[2] == f"interrupted {ODD}"


async def test_a_short_break_of_one_shard_is_resumed() -> None:
    async with pair() as on:
        on.say(on.odd, "before")
        await on.sink.got(MessagePosted)
        await on.server.gateway.drop(shard=1)
        on.say(on.odd, "meanwhile")
        await on.sink.got(MessagePosted, 2)
        assert on.server.gateway.resumed == 1
    assert "interrupted" not in str(on.sink.log)


async def test_direct_messages_come_to_the_first_shard() -> None:
    async with pair(0, shard_count=2) as on:
        on.server.world.write(ANNA, "who hears me?")
        on.say(on.even, "here I am")
        await on.sink.got(MessagePosted)
        on.server.world.write(ANNA, "now you know")
        said = await on.sink.got(MessagePosted, 2)
    assert [event.text for event in said] == ["here I am", "now you know"]
    assert said[-1].place.space == EVEN


async def test_shards_that_do_not_exist_are_said_in_one_sentence() -> None:
    async with DiscordServer().running() as server:
        with pytest.raises(NotConnected, match="no such shard"):
            await chat_on(server, shards=(2,), shard_count=2).run(Keeper())
