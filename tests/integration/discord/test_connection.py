import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.discord.errors import NotConnected
from dialogue.actions import OutboxId
from dialogue.errors import Unavailable
from dialogue.events import MessagePosted
from dialogue.posts import plain
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, SpaceId
from tests.integration.discord.stage import ANNA, Keeper, chat_on, stage
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
        for number in range(5):
            on.say(f"line {number}")
        said = await on.sink.got(MessagePosted, 5)
    assert on.sink.refusals == 3
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
        async with on.live():
            on.say("heard all the same")
            await on.sink.got(MessagePosted)


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
            patch.setattr("adapters.discord.gateway.CONNECTING", 0.01)
            with pytest.raises(Unavailable, match="not connected yet"):
                await on.chat.history(gap, None)
        running.cancel()
        await asyncio.wait({running})
        with pytest.raises(Unavailable):
            await reading
