from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from dialogue.actions import OutboxId, Said
from dialogue.actions import Post as PostIn
from dialogue.errors import RateLimited, Rejected, Unavailable, Uncertain
from dialogue.events import MessagePosted
from dialogue.posts import Button, Buttons, Heading, Paragraph, Post, Quote, Words, plain
from dialogue.rows import Gap
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MemberId, PlatformMessageId, SpaceId
from tests.integration.discord.stage import ANNA, BEN, Stage, chat_on, readable, stage
from tests.servers.discord.server import Fault
from tests.servers.discord.state import FORUM, SEND

KEY = OutboxId("a" * 22)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


async def send(on: Stage, post: Post, key: OutboxId = KEY, thread: str | None = None) -> str:
    place = PlatformMessageId(thread) if thread else None
    return str((await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), place, post, key)).message)


def posting(on: Stage, thread: str | None = None) -> PostIn:
    place = PlatformMessageId(thread) if thread else None
    return PostIn(SpaceId(on.guild), ChannelId(on.channel), Said(plain("hello")), place)


def ours(on: Stage, channel: str | None = None) -> list[str]:
    there = on.server.world.messages[channel or on.channel].values()
    return [readable(message).strip() for message in there if message["author"]["id"] == on.server.world.bot]


async def test_what_people_said_pings_nobody_and_shows_as_it_was_said() -> None:
    said = "@everyone <@1001> **bold** [x](http://evil) # big\n# really\n1. one https://a.b/c_d_e"
    async with stage() as on:
        origin = Origin(CommunityId("c"), SpaceId(on.guild), ChannelId(on.channel), Audience.PUBLIC)
        post = Post((Heading("New"), Quote(Words(said, origin, MemberId("m")), "A*nna", "https://a.b/c")))
        message = await send(on, post)
        shown = on.server.world.messages[on.channel][message]
        assert on.server.world.pings == []
        assert shown["allowed_mentions" if "allowed_mentions" in shown else "mentions"] == []
        for line in said.split("\n"):
            assert f"> {line}" in readable(shown)
        assert "https://a.b/c_d_e" in str(shown["components"])


async def test_a_post_in_a_thread_stands_in_it_and_can_be_changed() -> None:
    async with stage() as on:
        root = on.say("root")
        thread = on.server.world.thread(on.channel, "talk", root)
        ref = await on.chat.send(
            SpaceId(on.guild), ChannelId(on.channel), PlatformMessageId(thread), plain("in here"), KEY
        )
        await on.chat.edit(SpaceId(on.guild), ref, plain("changed"), OutboxId("k2"))
        assert (ours(on), ours(on, thread)) == ([], ["changed"])


async def test_a_root_without_a_thread_is_answered_in_the_channel() -> None:
    async with stage() as on:
        root = on.say("question")
        message = await send(on, plain("answer"), thread=root)
        assert on.server.world.messages[on.channel][message]["message_reference"]["message_id"] == root


async def test_a_reaction_finds_its_message_in_a_thread() -> None:
    async with stage() as on:
        world = on.server.world
        root = on.say("root")
        thread = world.thread(on.channel, "talk", root)
        inside = world.say(ANNA, thread, "inside")
        forum = world.channel(on.guild, "ideas", FORUM)
        post = world.post_in_forum(ANNA, forum, "Dark mode", "please")
        for channel, message in ((on.channel, inside), (forum, post)):
            args = (SpaceId(on.guild), ChannelId(channel), PlatformMessageId(message), "memo", KEY)
            await on.chat.react(*args, present=True)
        assert world.reactions[thread, inside] == world.reactions[post, post] == {"📝": [world.bot]}
        with pytest.raises(Rejected, match="does not exist"):
            await on.chat.react(
                SpaceId(on.guild), ChannelId(on.channel), PlatformMessageId("1"), "memo", KEY, present=True
            )


async def test_an_emoji_that_is_none_is_rejected() -> None:
    async with stage() as on:
        with pytest.raises(Rejected, match="no_such_thing"):
            await on.chat.react(
                SpaceId(on.guild),
                ChannelId(on.channel),
                PlatformMessageId(on.say("x")),
                "no_such_thing",
                KEY,
                present=True,
            )


async def test_who_takes_no_direct_messages_is_rejected_with_a_sentence() -> None:
    async with stage() as on:
        on.server.world.closed_direct.add(ANNA)
        with pytest.raises(Rejected, match="takes no direct messages"):
            await on.chat.send_direct(SpaceId(on.guild), AccountId(ANNA), plain("hello"), KEY)
        with pytest.raises(Rejected):
            await on.chat.send_direct(SpaceId(on.guild), AccountId("nobody"), plain("hello"), KEY)


async def test_what_the_bot_may_not_do_is_said_once_in_words() -> None:
    async with stage() as on, on.live():
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=SEND)
        on.say("heard after that")
        await on.sink.got(MessagePosted)
        with capture_logs() as logs:
            for key in ("k1", "k2"):
                with pytest.raises(Rejected, match="Send Messages"):
                    await send(on, plain("hello"), OutboxId(key))
    (missing,) = [log for log in logs if log["event"] == "permission_missing"]
    assert "Send Messages" in missing["permission"]


async def test_a_channel_that_is_gone_is_rejected() -> None:
    async with stage() as on:
        del on.server.world.channels[on.channel]
        with pytest.raises(Rejected, match="does not exist"):
            await send(on, plain("hello"))


async def test_a_long_rate_limit_is_told_and_a_short_one_waited_for() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("/messages", 429, wait=40))
        with pytest.raises(RateLimited) as limited:
            await send(on, plain("hello"))
        assert limited.value.after == timedelta(seconds=40)
        on.server.faults.append(Fault("/messages", 429, wait=0.01))
        await send(on, plain("hello"))
        assert ours(on) == ["hello"]


async def test_a_platform_that_stays_in_trouble_is_uncertain_before_a_lease_ends() -> None:
    async with stage(request_timeout=0.1) as on:
        on.server.faults.append(Fault("/messages", 502, times=99))
        with pytest.raises(Uncertain):
            await send(on, plain("hello"))


async def test_a_platform_that_is_not_there_is_unavailable() -> None:
    async with stage() as on:
        on.server.api_base = "http://127.0.0.1:9/api/v10"
        lost = chat_on(on.server)
        with pytest.raises(Unavailable):
            await lost.send(SpaceId(on.guild), ChannelId(on.channel), None, plain("hello"), KEY)


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_sent_without_an_answer_is_found_and_not_sent_again(restarted: bool) -> None:
    async with stage() as on:
        for number in range(120):
            on.say(f"before {number}")
        on.server.faults.append(Fault("POST /channels", 0, after=True))
        with pytest.raises(Uncertain):
            await send(on, plain("hello"))
        on.say("after")
        if restarted:
            await on.chat.close()
            on.chat = chat_on(on.server)
        since = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251 - the server has the machine's time
        found = await on.chat.find_sent(posting(on), KEY, since)
        assert found is not None
        assert await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, plain("hello"), KEY) == found
        assert ours(on) == ["hello"]


async def test_what_never_arrived_is_not_found() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("POST /channels", 0))
        with pytest.raises(Uncertain):
            await send(on, plain("hello"))
        assert await on.chat.find_sent(posting(on), KEY, SINCE) is None


async def test_what_stands_in_a_thread_is_found_too() -> None:
    async with stage() as on:
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        message = await send(on, plain("in here"), thread=thread)
        again = chat_on(on.server)
        found = await again.find_sent(posting(on, thread), KEY, SINCE)
        await again.close()
    assert found is not None
    assert (found.channel, found.message) == (thread, message)


async def test_the_longest_post_fits() -> None:
    blocks = (Heading("h" * 200), Paragraph("*_" * 2000), Paragraph("second. " * 500))
    buttons = Buttons(tuple(Button(f"Button {n}", f"plan:{n}:1") for n in range(25)))
    async with stage() as on:
        await send(on, Post((*blocks, buttons)))
        (shown,) = ours(on)
    assert "…" in shown
    assert "Button 24" in shown


async def test_peers_06_history_is_paged_through_channel_and_threads_in_one_order() -> None:
    async with stage() as on:
        world = on.server.world
        start = on.say("root")
        thread = world.thread(on.channel, "talk", start)
        resting = world.thread(on.channel, "resting", on.say("other root"))
        expected = ["other root"]
        for number in range(130):
            where = (on.channel, thread, resting)[number % 3]
            world.say((ANNA, BEN)[number % 2], where, f"line {number}")
            expected.append(f"line {number}")
        world.archive(resting)
        gone = on.say("deleted")
        world.delete(on.channel, gone)
        for number in range(210):
            world.put(world.bot, on.channel, {"content": f"ours {number}"})
        changed = on.say("typo")
        world.change(on.channel, changed, "no typo")
        events, page = [], PlatformMessageId(start)
        while told := await on.chat.history(Gap(SpaceId(on.guild), ChannelId(on.channel), page, SINCE), page):
            events += told
            page = told[-1].message  # type: ignore[union-attr]
    said = [event for event in events if event.type == "message_posted"]
    assert [event.text for event in said] == [*expected, "no typo"]
    assert {event.place.channel for event in said} == {on.channel}
    assert {event.place.thread for event in said} == {None, thread, resting}
    assert [event.actor.role for event in said[1:3]] == ["customer", "customer"]
    assert [event.actor.groups for event in said[1:3]] == [(), (on.support,)]
    assert [event.text for event in events if event.type == "message_edited"] == ["no typo"]
    assert not any(event.live for event in said)


async def test_peers_22_the_history_of_a_forum_is_that_of_its_posts() -> None:
    async with stage() as on:
        forum = on.server.world.channel(on.guild, "ideas", FORUM)
        first = on.server.world.post_in_forum(ANNA, forum, "Dark mode", "please")
        on.server.world.say(BEN, first, "soon")
        told = await on.chat.history(Gap(SpaceId(on.guild), ChannelId(forum), None, SINCE), None)
    assert [event.text for event in told if event.type == "message_posted"] == ["please", "soon"]


async def test_peers_06_a_limited_history_says_how_long_to_wait() -> None:
    async with stage() as on:
        on.say("missed")
        on.server.faults.append(Fault("GET /channels", 429, wait=60))
        gap = Gap(SpaceId(on.guild), ChannelId(on.channel), None, SINCE)
        with pytest.raises(RateLimited) as limited:
            await on.chat.history(gap, None)
        assert limited.value.after == timedelta(seconds=60)
        assert len(await on.chat.history(gap, None)) == 1


async def test_the_history_of_a_forum_comes_to_its_end() -> None:
    async with stage() as on:
        forum = on.server.world.channel(on.guild, "ideas", FORUM)
        post = on.server.world.post_in_forum(ANNA, forum, "Dark mode", "please")
        gap = Gap(SpaceId(on.guild), ChannelId(forum), None, SINCE)
        assert await on.chat.history(gap, PlatformMessageId(post)) == ()


async def test_a_quiet_thread_costs_no_request() -> None:
    async with stage() as on:
        quiet = on.server.world.thread(on.channel, "quiet", on.say("root"))
        on.server.world.say(ANNA, quiet, "long ago")
        after = PlatformMessageId(on.say("read already"))
        on.say("missed")
        told = await on.chat.history(Gap(SpaceId(on.guild), ChannelId(on.channel), after, SINCE), after)
        assert len(told) == 1
        assert not [request for request in on.server.requests if f"/channels/{quiet}/messages" in request]


async def test_all_archived_threads_are_read_however_many_there_are() -> None:
    async with stage() as on:
        world = on.server.world
        for number in range(120):
            thread = world.thread(on.channel, f"thread {number}")
            world.say(ANNA, thread, f"line {number}")
            world.archive(thread)
        gap, said, page = Gap(SpaceId(on.guild), ChannelId(on.channel), None, SINCE), [], None
        while told := await on.chat.history(gap, page):
            said += [event.text for event in told if isinstance(event, MessagePosted)]
            page = [event.message for event in told if isinstance(event, MessagePosted)][-1]
        assert said == [f"line {number}" for number in range(120)]


async def test_archived_threads_that_may_not_be_listed_leave_the_channel_readable() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("archived", 403))
        on.say("missed")
        gap = Gap(SpaceId(on.guild), ChannelId(on.channel), None, SINCE)
        assert len(await on.chat.history(gap, None)) == 1
