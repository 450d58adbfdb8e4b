from collections.abc import MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from dialogue.actions import OutboxId, Reply, Said, SendDirect
from dialogue.errors import Uncertain
from dialogue.events import ButtonPressed, MessageDeleted, MessageEdited, MessagePosted, ReplyHandle
from dialogue.posts import Button, Buttons, Paragraph, Post, plain
from dialogue.rows import Gap
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, SpaceId
from knowledge_base.members import Role
from tests.integration.discord.stage import ANNA, BEN, CARA, chat_on, stage
from tests.servers.discord.server import Fault

KEY = OutboxId("a" * 22)


async def test_what_is_written_to_the_bot_alone_is_private_to_who_wrote_it() -> None:
    async with stage() as on, on.live():
        message = on.server.world.write(ANNA, "between you and me")
        (said,) = await on.sink.got(MessagePosted)
    place = said.place
    assert (place.space, place.channel, place.name) == (on.guild, on.server.world.direct(ANNA), "Anna")
    assert (place.direct, place.audience, place.thread) == (True, Audience.PRIVATE, None)
    assert (said.message, said.text, said.actor.account, said.link) == (message, "between you and me", ANNA, None)


async def test_edits_and_deletions_of_direct_messages_are_heard() -> None:
    async with stage() as on, on.live():
        world = on.server.world
        message = world.write(ANNA, "my password is tulip")
        world.change(world.direct(ANNA), message, "never mind")
        world.delete(world.direct(ANNA), message)
        (gone,) = await on.sink.got(MessageDeleted)
    (edit,) = on.sink.of(MessageEdited)
    assert (edit.message, edit.text, edit.place) == (message, "never mind", gone.place)
    assert gone.place.direct


@pytest.mark.parametrize("servers", [1, 2])
async def test_what_is_deleted_where_nobody_wrote_since_the_start_is_placed_or_logged(servers: int) -> None:
    async with stage() as on:
        world = on.server.world
        message = world.write(ANNA, "my password is tulip")
        for _ in range(servers - 1):
            world.guild("Other")
        async with on.live():
            with capture_logs() as logs:
                world.delete(world.direct(ANNA), message)
                on.say("next", BEN)
                await on.sink.got(MessagePosted)
                await on.server.until(lambda: f"GET /channels/{world.direct(ANNA)}" in on.server.requests)
                await on.sink.until(
                    lambda: on.sink.of(MessageDeleted) or said_unknown(logs) or not on.say("again", BEN)
                )
    gone = [(event.message, event.place.name, event.place.direct) for event in on.sink.of(MessageDeleted)]
    assert gone == ([(message, "Anna", True)] if servers == 1 else [])
    assert said_unknown(logs) == (servers > 1)


def said_unknown(logs: Sequence[MutableMapping[str, Any]]) -> bool:
    return any(log["event"] == "deletion_of_unknown_place" for log in logs)


async def test_a_direct_channel_keeps_its_server_until_the_bot_leaves_it_with_the_roles_there() -> None:
    async with stage() as on, on.live():
        world = on.server.world
        other = world.guild("Other")
        channel = world.channel(other, "lobby")
        world.join(other, CARA, nick="Cara of Other")
        world.say(CARA, channel, "there")
        world.write(CARA, "of the other")
        world.command(CARA, on.channel, "help")
        world.write(CARA, "of the other still")
        world.leave(other)
        world.write(CARA, "of the first")
        _, first, second, third = await on.sink.got(MessagePosted, 4)
    assert (first.place.space, first.actor.role, first.place.name) == (other, Role.CUSTOMER, "Cara of Other")
    assert (second.place.space, second.actor.role, second.place.name) == (other, Role.CUSTOMER, "Cara of Other")
    assert (third.place.space, third.actor.role) == (on.guild, Role.ADMIN)


async def test_who_left_a_server_and_what_is_read_back_from_it_do_not_count() -> None:
    async with stage() as on:
        world = on.server.world
        other = world.guild("Other")
        channel = world.channel(other, "lobby")
        world.join(other, ANNA)
        world.say(ANNA, channel, "long ago")
        async with on.live():
            on.say("here")
            await on.sink.got(MessagePosted)
            since = datetime(2026, 1, 1, tzinfo=UTC)
            assert await on.chat.history(Gap(SpaceId(other), ChannelId(channel), None, since), None)
            world.write(ANNA, "of the first")
            world.quit(on.guild, ANNA)
            world.write(ANNA, "of neither")
            world.say(ANNA, channel, "there")
            world.write(ANNA, "of the other")
            said = await on.sink.got(MessagePosted, 4)
    direct = [(event.place.space, event.text) for event in said if event.place.direct]
    assert direct == [(on.guild, "of the first"), (other, "of the other")]


async def test_of_somebody_who_could_be_from_anywhere_nothing_is_kept() -> None:
    async with stage() as on, on.live():
        with capture_logs() as logs:
            on.server.world.guild("Other")
            on.server.world.write(ANNA, "who am I?")
            on.say("in the open")
            said = await on.sink.got(MessagePosted)
    assert [event.text for event in said] == ["in the open"]
    (skipped,) = [log for log in logs if log["event"] == "payload_skipped"]
    assert "who am I" not in str(skipped)


async def test_what_the_bot_writes_to_somebody_does_not_come_back() -> None:
    async with stage() as on, on.live():
        ref = await on.chat.send_direct(SpaceId(on.guild), AccountId(ANNA), plain("hello"), KEY)
        on.server.world.write(ANNA, "hello bot")
        (said,) = await on.sink.got(MessagePosted)
    assert (said.text, said.place.channel) == ("hello bot", ref.channel)


async def test_peers_07_without_message_content_direct_messages_arrive_whole() -> None:
    async with stage(message_content=False) as on, on.live():
        on.say("not for the bot")
        on.server.world.write(ANNA, "all of it")
        said = await on.sink.got(MessagePosted)
    assert [event.text for event in said] == ["all of it"]


async def test_a_button_in_a_direct_message_works() -> None:
    async with stage() as on, on.live():
        post = Post((Paragraph("Did this help?"), Buttons((Button("Yes", "helped:1:1"),))))
        ref = await on.chat.send_direct(SpaceId(on.guild), AccountId(ANNA), post, KEY)
        asked = on.server.world.press(ANNA, ref.channel, ref.message, "helped:1:1")
        (event,) = await on.sink.got(ButtonPressed)
        await on.server.until(lambda: asked.acknowledged)
    assert (event.actor.account, event.place.direct, event.message) == (ANNA, True, ref.message)


async def test_what_was_written_while_the_bot_was_away_is_read_back() -> None:
    async with stage() as on:
        world = on.server.world
        first = world.write(ANNA, "first")
        world.write(ANNA, "second")
        world.put(world.bot, world.direct(ANNA), {"content": "ours"})
        gap = Gap(SpaceId(on.guild), ChannelId(world.direct(ANNA)), None, datetime(2026, 1, 1, tzinfo=UTC))
        told = await on.chat.history(gap, first)  # type: ignore[arg-type]
    (said,) = [event for event in told if isinstance(event, MessagePosted)]
    assert (said.text, said.live, said.place.direct, said.place.name) == ("second", False, True, "Anna")


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_direct_message_that_may_have_been_sent_is_found_where_it_went(restarted: bool) -> None:
    async with stage() as on:
        space, to, post = SpaceId(on.guild), AccountId(ANNA), plain("hello")
        on.server.faults.append(Fault("/messages", 0, after=True))
        with pytest.raises(Uncertain):
            await on.chat.send_direct(space, to, post, KEY)
        if restarted:
            await on.chat.close()
            on.chat = chat_on(on.server)
        since = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251 - the server has the machine's time
        before = len(on.server.requests)
        handle = ReplyHandle("note:gone", since)
        for action in (SendDirect(space, to, Said(post)), Reply(space, ChannelId(on.channel), to, handle, Said(post))):
            found = await on.chat.find_sent(action, KEY, since)
            assert found is not None
            assert found.channel == on.server.world.direct(ANNA)
        assert not [each for each in on.server.requests[before:] if on.channel in each or "guilds/" in each]
        assert await on.chat.find_sent(SendDirect(space, to, Said(post)), OutboxId("other"), since) is None
        assert await on.chat.find_sent(SendDirect(space, AccountId("1"), Said(post)), OutboxId("x"), since) is None
