from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from dialogue.events import MessagePosted
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId
from tests.integration.discord.stage import ANNA, BEN, Stage, stage

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


async def told(on: Stage, after: str) -> Sequence[str]:
    page = PlatformMessageId(after)
    events = await on.chat.history(Gap(SpaceId(on.guild), ChannelId(on.channel), page, SINCE), page)
    return [event.text for event in events if isinstance(event, MessagePosted)]


@pytest.mark.parametrize("missed", [(), ("missed",)])
async def test_who_reads_from_the_start_again_sees_what_was_said_in_threads_meanwhile(missed: Sequence[str]) -> None:
    async with stage() as on:
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        on.server.world.say(ANNA, thread, "long ago")
        known = on.say("known")
        for text in missed:
            on.say(text)
        assert await told(on, known) == [*missed]
        on.server.world.say(BEN, thread, "live in the thread")
        on.say("live in the channel")
        assert await told(on, known) == [*missed, "live in the thread", "live in the channel"]


async def test_who_was_at_the_end_sees_what_was_said_in_threads_meanwhile() -> None:
    async with stage() as on:
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        known = on.say("known")
        assert await told(on, known) == []
        later = on.say("later")
        on.server.world.say(BEN, thread, "latest")
        assert await told(on, later) == ["latest"]


async def test_threads_are_listed_once_for_pages_read_one_after_the_other() -> None:
    async with stage() as on:
        start = on.say("start")
        for number in range(250):
            on.say(f"line {number}")
        page, on.server.requests[:] = PlatformMessageId(start), []
        gap = Gap(SpaceId(on.guild), ChannelId(on.channel), page, SINCE)
        while events := await on.chat.history(gap, page):
            page = events[-1].message  # type: ignore[union-attr]
        assert len([request for request in on.server.requests if "threads/active" in request]) == 1


async def test_a_thread_with_something_new_is_found_behind_a_hundred_that_went_to_rest_later() -> None:
    async with stage() as on:
        world = on.server.world
        quiet = [world.thread(on.channel, f"quiet {number}") for number in range(100)]
        lively = world.thread(on.channel, "lively")
        for thread in quiet:
            world.say(ANNA, thread, "long ago")
        known = on.say("known")
        world.skip(60)
        world.say(BEN, lively, "missed")
        for thread in (lively, *quiet):
            world.archive(thread)
        assert await told(on, known) == ["missed"]


async def test_threads_that_rested_before_what_is_known_are_not_listed_to_the_last() -> None:
    async with stage() as on:
        for number in range(120):
            thread = on.server.world.thread(on.channel, f"thread {number}")
            on.server.world.archive(thread)
        on.server.world.skip(60)
        known = on.say("known")
        on.say("missed")
        assert await told(on, known) == ["missed"]
        assert len([request for request in on.server.requests if "archived" in request]) == 1
