"""Connections lost, refused and closed, several workspaces, a full disk, secrets, an app that is removed."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.gateway import who_am_i
from dialogue.actions import OutboxId
from dialogue.errors import Unavailable
from dialogue.events import (
    CommandInvoked,
    MessagePosted,
)
from dialogue.posts import plain
from knowledge_base.ids import ChannelId, SpaceId
from tests.integration.slack.playing import Ledger, Play, playing
from tests.integration.slack.running import chat_on, config_of
from tests.servers.slack.deliveries import Delivery
from tests.servers.slack.server import SlackServer


async def test_a_lost_and_a_refreshed_connection_are_told_and_lose_nothing(play: Play) -> None:
    space = play.server.space
    space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    play.server.break_sockets()
    space.say("U1", "C1", "between")
    await play.sink.kept(2, MessagePosted)
    await play.server.refresh()
    space.say("U1", "C1", "after")
    said = await play.sink.kept(3, MessagePosted)
    assert [event.text for event in said] == ["before", "between", "after"]
    assert play.sink.interruptions == ["T1", "T1"]


@pytest.mark.parametrize("authorizations", [[], [{"team_id": None}], [{"team_id": "T9"}, {"team_id": "T1"}]])
async def test_events_for_us_are_heard_also_by_the_app_of_a_whole_organisation(
    play: Play, authorizations: list[dict[str, Any]]
) -> None:
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "ours"}
    outer = {"type": "event_callback", "event_id": "Ev1", "event": event, "authorizations": authorizations}
    theirs = {"event": event | {"ts": "1700000000.000200"}, "authorizations": [{"team_id": None}]}
    play.server.deliveries.deliver(Delivery("events_api", outer | theirs | {"team_id": "T9"}))
    play.server.deliveries.deliver(Delivery("events_api", outer | {"team_id": "T1"}))
    assert (await play.one(MessagePosted)).message == "1700000000.000100"


async def test_two_workspaces_side_by_side_share_nothing(server: SlackServer) -> None:
    async with SlackServer("T2", retries=(0.02,) * 200).serving() as other:
        other.space.person("U1", "Somebody else")
        async with playing(server) as ours, playing(other) as theirs:
            server.space.say("U1", "C1", "here")
            other.space.say("U1", "C1", "there")
            here, there = await ours.one(MessagePosted), await theirs.one(MessagePosted)
    assert (here.place.space, here.actor.name, here.text) == ("T1", "Anna Kowalska", "here")
    assert (there.place.space, there.actor.name, there.text) == ("T2", "Somebody else", "there")


async def test_cancelling_acknowledges_what_the_sink_is_accepting(server: SlackServer) -> None:
    config = config_of(server)
    chat, sink = chat_on(config, await who_am_i(config)), Ledger()
    sink.slow.clear()
    task = asyncio.get_running_loop().create_task(chat.run(sink))
    server.space.say("U1", "C1", "in the middle")
    await sink.accepting.wait()
    task.cancel()
    asyncio.get_running_loop().call_later(0.05, sink.slow.set)
    await asyncio.wait({task})
    async with asyncio.timeout(1):
        await server.deliveries.settled()
    assert task.cancelled()
    assert len(sink.events) == 1


async def test_a_full_disk_loses_nothing_and_is_tried_again(play: Play) -> None:
    play.sink.full = True
    play.server.space.say("U1", "C1", "first")
    await play.sink.refused.wait()
    play.server.space.say("U1", "C1", "second")
    play.sink.full = False
    assert [event.text for event in await play.sink.kept(2, MessagePosted)] == ["first", "second"]


async def test_tokens_are_in_no_log_and_no_repr(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        play.server.space.say("U1", "C1", "a customer's words")
        await play.sink.kept(1, MessagePosted)
        await play.server.command("U1", "C1", "help")
        asked = await play.one(CommandInvoked)
        await play.chat.reply(
            SpaceId("T1"), ChannelId("C1"), asked.actor.account, asked.handle, plain("x"), OutboxId("k0")
        )
        play.server.fail("chat.postMessage", "invalid_auth")
        with pytest.raises(Unavailable) as refused:
            await play.chat.send(SpaceId("T1"), ChannelId("C1"), None, plain("hello"), OutboxId("k1"))
    config = config_of(play.server)
    everything = f"{logs} {refused.value} {config} {config!r} {play.chat!r}"
    server = play.server
    for secret in (server.bot_token, server.app_token, server.secret, "/response/answer", "ticket0"):
        assert secret not in everything
        assert secret not in caplog.text
    assert "a customer's words" not in str(logs)
    assert "a customer's words" not in caplog.text


async def test_a_socket_that_is_refused_is_said_once_and_asked_for_again(server: SlackServer) -> None:
    server.fail("apps.connections.open", "invalid_auth", times=3)
    server.fail("apps.connections.open", "429", 9)
    with capture_logs() as logs:
        async with playing(server) as play:
            server.space.say("U1", "C1", "at last")
            assert (await play.one(MessagePosted)).text == "at last"
    reasons = [log["reason"] for log in logs if log["event"] == "slack_socket_refused"]
    assert reasons == ["apps.connections.open: invalid_auth", "rate limited for 9 s"]


async def test_an_address_at_which_no_socket_is_to_be_had_is_given_up(server: SlackServer) -> None:
    server.broken_tickets = 1
    async with playing(server) as play:
        await server.until(lambda: server.deliveries.sockets)
        server.space.say("U1", "C1", "at last")
        assert (await play.one(MessagePosted)).text == "at last"
    assert len([call for call in server.calls if call[0] == "apps.connections.open"]) == 2


async def test_a_sockets_ticket_is_in_no_log(server: SlackServer, caplog: pytest.LogCaptureFixture) -> None:
    server.broken_tickets = 1
    async with playing(server) as play:
        server.space.say("U1", "C1", "at last")
        await play.one(MessagePosted)
    assert "Failed to connect" in caplog.text
    assert "ticket0" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_an_app_that_is_removed_stops_sending_says_so_once_and_keeps_what_it_heard(play: Play) -> None:
    play.server.deliveries.tell({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    play.server.space.say("U1", "C1", "before")
    await play.one(MessagePosted)
    await play.chat.send(SpaceId("T1"), ChannelId("C1"), None, plain("still here"), OutboxId("k1"))
    with capture_logs() as logs:
        play.server.deliveries.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["T1BOTUSER"]}})
        play.server.deliveries.tell({"type": "app_uninstalled"})
        async with asyncio.timeout(30):
            await play.server.deliveries.settled()
        with pytest.raises(Unavailable):
            await play.chat.send(SpaceId("T1"), ChannelId("C1"), None, plain("gone"), OutboxId("k2"))
    assert [log["reason"] for log in logs if log["event"] == "slack_access_revoked"] == ["tokens_revoked"]
    assert len(play.sink.events) == 1
