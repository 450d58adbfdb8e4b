import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.discord.errors import NotConnected
from adapters.discord.gateway import BROKEN, HELD
from adapters.discord.intake import PATIENCE
from dialogue.actions import OutboxId
from dialogue.errors import Unavailable
from dialogue.events import MessagePosted, PlaceDeleted
from dialogue.posts import plain
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, SpaceId
from tests.integration.discord.stage import ANNA, Keeper, Stage, chat_on, stage
from tests.servers.discord.server import DiscordServer, Fault


async def test_a_short_break_is_resumed_and_misses_nothing() -> None:
    async with stage() as on, on.live():
        on.say("before")
        await on.sink.got(MessagePosted)
        await on.server.gateway.drop()
        on.say("meanwhile")
        said = await on.sink.got(MessagePosted, 2)
        assert on.server.gateway.resumed == 1
    assert [event.text for event in said] == ["before", "meanwhile"]
    assert "interrupted" not in on.sink.log


async def test_peers_22_a_lost_session_is_told_before_what_comes_after_it() -> None:
    async with stage() as on, on.live():
        on.say("before")
        await on.sink.got(MessagePosted)
        await on.server.gateway.drop(resumable=False)
        on.say("missed")
        await on.server.listening()
        on.say("after")
        await on.sink.got(MessagePosted, 2)
    assert on.sink.log == ["message_posted", "interrupted", "message_posted"]


async def test_peers_04_what_is_delivered_twice_has_one_key() -> None:
    async with stage() as on, on.live():
        message = on.say("once")
        await on.sink.got(MessagePosted)
        told = on.server.world.told(on.server.world.messages[on.channel][message])
        on.server.gateway.raw("MESSAGE_CREATE", told)
        on.say("next")
        said = await on.sink.got(MessagePosted, 2)
    assert [event.text for event in said] == ["once", "next"]


async def test_peers_22_what_could_not_be_kept_is_handed_over_again_in_its_order() -> None:
    async with stage() as on, on.live():
        on.sink.refusing = 3
        with capture_logs() as logs:
            for number in range(5):
                on.say(f"line {number}")
            said = await on.sink.got(MessagePosted, 5)
    assert on.sink.refusals == 3
    assert sum(log["event"] == "events_not_kept" and log["reason"] == "the disk is full" for log in logs) == 3
    assert [event.text for event in said] == [f"line {number}" for number in range(5)]


async def test_ending_loses_nothing_that_arrived() -> None:
    async with stage() as on:
        async with on.live():
            on.sink.open.clear()
            on.say("arrived")
            await on.sink.until(lambda: on.sink.asked)
        on.sink.open.set()
        async with on.live():
            (said,) = await on.sink.got(MessagePosted)
    assert said.text == "arrived"


async def test_servers_joined_and_left_are_followed() -> None:
    async with stage() as on, on.live():
        on.say("here")
        await on.sink.got(MessagePosted)
        assert on.chat.spaces == {on.guild}
        other = on.server.world.guild("Other")
        channel = on.server.world.channel(other, "general")
        on.server.world.join(other, ANNA)
        on.server.world.say(ANNA, channel, "hello")
        _, said = await on.sink.got(MessagePosted, 2)
        assert (said.place.space, on.chat.spaces) == (other, {on.guild, other})
        on.server.world.leave(other)
        on.say("bye")
        await on.sink.got(MessagePosted, 3)
        assert on.chat.spaces == {on.guild}


async def test_a_server_that_was_away_has_been_missed() -> None:
    async with stage() as on, on.live():
        on.server.world.leave(on.guild, unavailable=True)
        on.server.world.tell("GUILD_CREATE", on.server.world.guild_payload(on.guild))
        on.say("back")
        await on.sink.got(MessagePosted)
    assert on.sink.log == ["interrupted", "message_posted"]


async def test_a_token_that_is_refused_is_said_in_one_sentence_without_it() -> None:
    async with DiscordServer().running() as server:
        chat = chat_on(server, token="wrong-secret-token")
        with pytest.raises(NotConnected, match="does not accept the token") as raised:
            await chat.run(Keeper())
    assert "wrong-secret-token" not in f"{raised.value!r} {chat.__dict__!r} {raised.value.__cause__!r}"


async def test_a_missing_intent_is_said_in_one_sentence() -> None:
    async with DiscordServer().running() as server:
        server.gateway.refused_intents = 1 << 15
        with pytest.raises(NotConnected, match="Message Content"):
            await chat_on(server).run(Keeper())


async def test_an_unreachable_platform_is_tried_again() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("GET /users/@me", 0, times=2))
        async with on.live():
            on.say("at last")
            await on.sink.got(MessagePosted)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("MESSAGE_CREATE", {}),
        ("MESSAGE_CREATE", None),
        ("MESSAGE_CREATE", []),
        ("MESSAGE_CREATE", {"id": {}, "channel_id": "x", "guild_id": "1", "author": 7}),
        ("MESSAGE_UPDATE", {"edited_timestamp": "yesterday", "content": "x", "type": 0}),
        ("MESSAGE_DELETE", {"guild_id": "1"}),
        ("MESSAGE_DELETE_BULK", {"ids": "all", "guild_id": "1", "channel_id": "1"}),
        ("MESSAGE_REACTION_ADD", {"emoji": None}),
        ("GUILD_CREATE", {"id": "5", "roles": [{}]}),
        ("CHANNEL_UPDATE", {"guild_id": "1", "type": []}),
        ("THREAD_DELETE", {"id": None}),
        ("GUILD_MEMBER_UPDATE", {"guild_id": "1", "user": [], "roles": [{"id": 1}]}),
        ("INTERACTION_CREATE", {"guild_id": "1", "channel_id": "1", "type": 99}),
        ("GUILD_MEMBER_ADD", {"guild_id": "1", "user": {"id": "5"}}),
        ("GUILD_MEMBER_REMOVE", {"guild_id": "1"}),
        ("GUILD_EMOJIS_UPDATE", {"guild_id": "1", "emojis": [None]}),
        ("CHANNEL_DELETE", {"guild_id": "1", "id": []}),
        ("MESSAGE_CREATE", {"channel_id": "1", "author": {"id": "5"}, "type": 0}),
        ("SOMETHING_NEW", {"a": 1}),
    ],
)
async def test_a_malformed_event_is_skipped_and_the_next_is_heard(name: str, payload: Any) -> None:
    async with stage() as on, on.live():
        on.server.gateway.raw(name, payload)
        on.say("alive")
        await on.sink.got(MessagePosted)


async def test_a_skipped_event_is_logged_by_its_type_alone() -> None:
    async with stage() as on, on.live():
        with capture_logs() as logs:
            on.server.gateway.raw("MESSAGE_CREATE", {"guild_id": on.guild, "content": "secret", "type": "secret"})
            on.say("alive")
            await on.sink.got(MessagePosted)
    (skipped,) = [log for log in logs if log["event"] == "payload_skipped"]
    assert (skipped["payload"], "secret" in str(skipped)) == ("MESSAGE_CREATE", False)


async def test_two_bots_go_to_their_own_addresses() -> None:
    async with stage() as one, stage() as two, one.live(), two.live():
        one.say("to one")
        two.say("to two")
        (first,), (second,) = await asyncio.gather(one.sink.got(MessagePosted), two.sink.got(MessagePosted))
    assert (first.text, second.text) == ("to one", "to two")


async def test_no_token_is_logged_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with stage() as on, on.live():
        on.server.faults += [Fault("callback", 429, wait=0.01), Fault("POST /channels", 429, wait=0.01)]
        asked = on.server.world.command(ANNA, on.channel, "help")
        await on.server.until(lambda: asked.acknowledged)
        await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, plain("hello"), OutboxId("k1"))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert on.server.world.token not in said
    assert asked.token not in said


async def test_commands_that_are_refused_do_not_keep_the_bot_away() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("PUT /applications", 400))
        with capture_logs() as logs:
            async with on.live():
                on.say("heard all the same")
                await on.sink.got(MessagePosted)
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["commands_refused"]


async def test_peers_22_no_history_is_read_to_its_end_before_live_events_arrive() -> None:
    async with stage() as on:
        on.say("missed")
        running = asyncio.get_running_loop().create_task(on.chat.run(on.sink))
        await on.server.until(lambda: on.server.requests)
        assert not on.server.gateway.connected
        gap = Gap(SpaceId(on.guild), ChannelId(on.channel), None, datetime(2026, 1, 1, tzinfo=UTC))
        assert len(await on.chat.history(gap, None)) == 1
        assert on.server.gateway.connected
        running.cancel()
        await asyncio.wait({running})


async def test_a_history_nobody_connects_for_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage() as on:
        on.server.faults.append(Fault("GET /users/@me", 0, times=1_000_000))
        gap = Gap(SpaceId(on.guild), ChannelId(on.channel), None, datetime(2026, 1, 1, tzinfo=UTC))
        running = asyncio.get_running_loop().create_task(on.chat.run(on.sink))
        await on.server.until(lambda: on.server.requests)
        reading = asyncio.get_running_loop().create_task(on.chat.history(gap, None))
        with monkeypatch.context() as patch:
            patch.setattr("adapters.discord.presence.CONNECTING", 0.01)
            with pytest.raises(Unavailable, match="not connected yet"):
                await on.chat.history(gap, None)
        running.cancel()
        await asyncio.wait({running})
        with pytest.raises(Unavailable):
            await reading


def gap_of(on: Stage) -> Gap:
    return Gap(SpaceId(on.guild), ChannelId(on.channel), None, datetime(2026, 1, 1, tzinfo=UTC))


async def unavailable(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("adapters.discord.presence.CONNECTING", 0.01)
        with pytest.raises(Unavailable):
            await on.chat.history(gap_of(on), None)


async def test_no_history_is_read_before_its_server_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said between READY and GUILD_CREATE has no place yet: whoever had read on before would never see it."""
    async with stage() as on:
        on.say("missed")
        on.server.gateway.hold_back()
        async with on.live():
            await unavailable(on, monkeypatch)
            on.say("in between")
            reading = asyncio.get_running_loop().create_task(on.chat.history(gap_of(on), None))
            await asyncio.wait({reading}, timeout=0.01)
            on.server.gateway.let_come()
            told = [event.text for event in await reading if isinstance(event, MessagePosted)]
    assert told == ["missed", "in between"]


async def test_after_a_new_session_no_history_is_read_before_its_server_has_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with stage() as on, on.live():
        on.say("before")
        await on.sink.got(MessagePosted)
        on.server.gateway.hold_back()
        await on.server.gateway.drop(resumable=False)
        await on.server.listening()
        await on.sink.until(lambda: "interrupted" in on.sink.log)
        await unavailable(on, monkeypatch)
        on.server.gateway.let_come()
        assert len(await on.chat.history(gap_of(on), None)) == 1


async def test_a_server_in_trouble_is_read_back_when_it_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage() as on, on.live():
        on.say("before")
        await on.sink.got(MessagePosted)
        on.server.world.leave(on.guild, unavailable=True)
        await on.sink.until(lambda: not on.chat._presence.hears(on.guild) or not on.server.world.write(ANNA, "tick"))
        await unavailable(on, monkeypatch)
        on.server.world.tell("GUILD_CREATE", on.server.world.guild_payload(on.guild))
        assert len(await on.chat.history(gap_of(on), None)) == 1


async def test_connections_that_do_not_hold_are_made_ever_more_slowly() -> None:
    """Discord allows a bot only so many new sessions a day."""
    async with stage() as on:
        pauses = []
        for _ in BROKEN:
            on.chat._ready_at = on.chat._clock.now()
            pauses.append(on.chat._pause())
        unreachable = on.chat._pause()
        on.chat._ready_at = on.chat._clock.now() - HELD
        held = on.chat._pause()
    assert tuple(pauses) == BROKEN
    assert sum(BROKEN) + 1000 * BROKEN[-1] > 24 * 60 * 60
    assert (unreachable, held) == (PATIENCE[-1], PATIENCE[0])


async def test_a_channel_that_was_deleted_while_the_bot_was_away_is_forgotten_and_resting_threads_are_not() -> None:
    async with stage() as on:
        world = on.server.world
        category = world.channel(on.guild, "a category", 4)
        gone = world.channel(on.guild, "gone")
        world.channels[gone]["parent_id"] = category
        thread = world.thread(on.channel, "talk", on.say("root"))
        async with on.live():
            world.archive(thread)
            on.say("before")
            await on.sink.got(MessagePosted)
            await on.server.gateway.drop(resumable=False)
            world.delete_channel(gone)
            await on.server.listening()
            on.say("after")
            await on.sink.got(MessagePosted, 2)
            assert on.chat._directory.find(on.guild, gone) is None
            assert on.chat._directory.find(on.guild, thread) is not None


async def test_a_category_that_is_deleted_leaves_its_channels() -> None:
    async with stage() as on:
        world = on.server.world
        category = world.channel(on.guild, "a category", 4)
        world.channels[on.channel]["parent_id"] = category
        thread = world.thread(on.channel, "talk", on.say("root"))
        async with on.live():
            world.delete_channel(category)
            on.say("in the channel")
            world.say(ANNA, thread, "in the thread")
            said = await on.sink.got(MessagePosted, 2)
            world.delete_channel(on.channel)
            await on.sink.got(PlaceDeleted)
            await on.sink.until(lambda: not on.chat._directory.find(on.guild, thread) or not world.write(ANNA, "tick"))
    assert [event.place.thread for event in said] == [None, thread]


async def test_commands_that_stand_elsewhere_than_declared_are_told_again() -> None:
    async with stage() as on:
        async with on.live():
            on.server.world.commands[0]["contexts"] = [0, 1]
        async with on.live():
            assert on.server.world.commands[0]["contexts"] == [0]


async def test_a_history_during_which_a_new_session_began_is_not_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage() as on, on.live():
        assert await on.chat.history(gap_of(on), None) == ()
        read = on.chat._servers.messages

        async def meanwhile(channel: str, after: int) -> object:
            found = await read(channel, after)
            on.chat._arrived("READY", {"user": {"id": on.server.world.bot}, "guilds": [{"id": on.guild}]})
            on.chat._arrived("GUILD_CREATE", on.server.world.guild_payload(on.guild))
            return found

        monkeypatch.setattr(on.chat._servers, "messages", meanwhile)
        with pytest.raises(Unavailable, match="anew"):
            await on.chat.history(gap_of(on), None)
        monkeypatch.undo()
        assert await on.chat.history(gap_of(on), None) == ()
