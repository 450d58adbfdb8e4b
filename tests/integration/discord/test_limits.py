import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import discord
import pytest

from adapters.discord.config import DiscordConfig
from adapters.discord.limits import LONGEST_WAIT, Bucket
from dialogue.actions import OutboxId
from dialogue.errors import RateLimited, SendError
from dialogue.posts import plain
from knowledge_base.ids import ChannelId, SpaceId
from tests.integration.discord.stage import Stage, at_once, stage
from tests.servers.discord.server import Fault, Limit


async def send(on: Stage, number: int) -> None:
    key = OutboxId(f"k{number}")
    await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, plain("hello"), key)


def posts(on: Stage) -> int:
    return on.server.requests.count(f"POST /channels/{on.channel}/messages")


def soon(work: Awaitable[None]) -> Awaitable[None]:
    """Long before a limit of some seconds is over."""
    return asyncio.wait_for(work, 1)


def test_all_waits_for_a_limit_fit_in_the_time_of_a_request() -> None:
    assert DiscordConfig.__dataclass_fields__["request_timeout"].default > 6 * LONGEST_WAIT


async def test_as_many_as_a_limit_allows_are_sent_at_once_however_long_it_holds() -> None:
    async with stage() as on:
        on.server.limits.append(Limit("/messages", 5, 5.0))
        for number in range(5):
            await soon(send(on, number))
        with pytest.raises(RateLimited) as limited:
            await soon(send(on, 5))
        assert posts(on) == 5
    assert timedelta(seconds=LONGEST_WAIT) < limited.value.after <= timedelta(seconds=5)


async def test_a_short_limit_is_waited_for_by_who_comes_after_it_alone() -> None:
    async with stage() as on:
        on.server.limits.append(Limit("/messages", 2, 0.3))
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*(send(on, number) for number in range(5)))
        took = loop.time() - began
        assert posts(on) == 5
    assert 0.55 < took < LONGEST_WAIT


async def test_what_used_a_limit_up_is_not_held_up_by_it() -> None:
    async with stage() as on:
        on.server.limits.append(Limit("/messages", 1, 2.5))
        await soon(send(on, 0))


async def test_who_waits_and_is_broken_off_takes_nothing_from_the_others() -> None:
    bucket = Bucket(None)
    loop = asyncio.get_running_loop()
    async with bucket:
        waiting = [loop.create_task(bucket.acquire()) for _ in range(2)]
        await asyncio.wait(waiting, timeout=0)
        waiting[0].cancel()
    await asyncio.wait_for(waiting[1], 1)
    assert (bucket.outgoing, bucket.remaining) == (1, 0)


async def test_nobody_waits_longer_for_a_limit_than_the_longest_wait() -> None:
    bucket = Bucket(None)
    bucket.remaining, bucket.expires = 0, asyncio.get_running_loop().time() + LONGEST_WAIT + 1
    with pytest.raises(discord.RateLimited):
        await asyncio.wait_for(bucket.acquire(), 1)


async def test_only_who_met_the_limit_of_the_whole_account_ends_it_when_broken_off() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("/messages", 429, wait=2.5, everywhere=True))
        http = (await on.chat._session.client()).http
        loop = asyncio.get_running_loop()
        meets = loop.create_task(send(on, 0))
        async with asyncio.timeout(30):
            while http._global_over.is_set():
                await at_once(0)
        other = loop.create_task(send(on, 1))
        await asyncio.wait({other}, timeout=0.05)
        other.cancel()
        await asyncio.wait({other})
        assert not http._global_over.is_set()
        meets.cancel()
        await asyncio.wait({meets})
        assert http._global_over.is_set()


async def test_a_limit_that_is_answered_after_all_is_told() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("/messages", 429, wait=7))
        with pytest.raises(SendError) as raised:
            await soon(send(on, 0))
    assert isinstance(raised.value, RateLimited)
