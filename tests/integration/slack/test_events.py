"""What people do in Slack arrives as the dialogue's events, over Socket Mode and the unmodified client."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.gateway import who_am_i
from dialogue.actions import OutboxId
from dialogue.errors import Unavailable
from dialogue.events import (
    ChannelChanged,
    CommandInvoked,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
    dedupe_key,
)
from dialogue.posts import plain
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role
from tests.integration.slack.playing import Ledger, Play, playing
from tests.integration.slack.running import chat_on, config_of
from tests.servers.slack.deliveries import Delivery
from tests.servers.slack.server import SlackServer


async def test_a_reply_belongs_to_its_parent_channel_and_names_its_root(play: Play) -> None:
    root = play.server.space.say("U1", "C1", "the export drops my tags")
    play.server.space.say("U2", "C1", "which format?", root)
    first, second = await play.sink.kept(2, MessagePosted)
    assert (first.place.channel, first.place.thread) == ("C1", None)
    assert (second.place.channel, second.place.thread) == ("C1", root)
    assert first.link == f"https://test.slack.com/archives/C1/p{root.replace('.', '')}"
    assert second.link is not None
    assert second.link.endswith(f"?thread_ts={root}&cid=C1")


async def test_peers_05_a_mention_is_one_message_whichever_of_its_two_events_arrives(play: Play) -> None:
    space = play.server.space
    ts = space.mention("U1", "C1", "hello")
    posted = await play.one(MessagePosted)
    assert posted.text == "@Parley hello"
    assert (posted.message, play.sink.delivered) == (ts, 2)
    assert f"new:C1:{ts}" == dedupe_key(posted)


@pytest.mark.parametrize("kind", ["message", "app_mention"])
async def test_peers_05_either_event_alone_suffices(play: Play, kind: str) -> None:
    event = {"type": kind, "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "<@T1BOTUSER> help"}
    play.server.deliveries.tell(event)
    assert (await play.one(MessagePosted)).text == "@Parley help"


async def test_peers_04_redelivered_events_have_one_effect(play: Play) -> None:
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "once"}
    for _ in range(3):
        play.server.deliveries.tell(event)
    await play.one(MessagePosted)
    assert play.sink.delivered == 3


async def test_an_edit_tells_the_new_text_and_its_version(play: Play) -> None:
    space = play.server.space
    ts = space.say("U1", "C1", "the exprot")
    space.change("C1", ts, "the export")
    edited = await play.one(MessageEdited)
    assert (edited.message, edited.text) == (ts, "the export")
    assert edited.version == space.message("C1", ts)["edited"]["ts"]


async def test_a_preview_that_slack_adds_is_no_edit(play: Play) -> None:
    space = play.server.space
    ts = space.say("U1", "C1", "see https://example.com")
    space.change("C1", ts, attachments=[{"title": "Example"}])
    space.say("U1", "C1", "next")
    await play.sink.kept(2, MessagePosted)
    assert not await play.sink.kept(0, MessageEdited)


async def test_a_preview_after_an_edit_does_not_tell_the_edit_again(play: Play) -> None:
    space = play.server.space
    ts = space.say("U1", "C1", "see https://exmple.com")
    space.change("C1", ts, "see https://example.com")
    space.change("C1", ts, attachments=[{"title": "Example"}])
    await play.one(MessageEdited)
    assert play.sink.delivered == 2


async def test_our_own_reactions_posts_and_deletions_are_not_told(play: Play) -> None:
    space = play.server.space
    ts = space.say("U1", "C1", "please")
    await play.chat.react(SpaceId("T1"), ChannelId("C1"), PlatformMessageId(ts), "memo", OutboxId("k1"), present=True)
    ours = await play.chat.send(SpaceId("T1"), ChannelId("C1"), None, plain("a card"), OutboxId("k2"))
    space.delete("C1", ours.message)
    await play.one(MessagePosted)
    assert play.sink.delivered == 1


async def test_peers_12_a_deleted_message_and_a_deleted_root_are_told(play: Play) -> None:
    space = play.server.space
    alone, root = space.say("U1", "C1", "alone"), space.say("U1", "C1", "root")
    space.say("U2", "C1", "reply", root)
    space.delete("C1", alone)
    space.delete("C1", root)
    deleted = await play.sink.kept(2, MessageDeleted)
    assert [event.message for event in deleted] == [alone, root]


async def test_reactions_carry_the_platforms_event_id(play: Play) -> None:
    space = play.server.space
    ts = space.say("U1", "C1", "please")
    space.react("U2", "C1", ts, "bulb")
    space.react("U2", "C1", ts, "bulb", present=False)
    added, removed = await play.one(ReactionAdded), await play.one(ReactionRemoved)
    assert (added.message, added.emoji, added.actor.role) == (ts, "bulb", Role.ADMIN)
    assert added.id.startswith("Ev")
    assert added.id != removed.id


async def test_files_are_told_by_name_and_type(play: Play) -> None:
    files = [{"id": "F1", "name": "log.txt", "mimetype": "text/plain", "url_private": "https://files/secret"}]
    play.server.space.say("U1", "C1", "", subtype="file_share", files=files)
    (file,) = (await play.one(MessagePosted)).attachments
    assert (file.name, file.type) == ("log.txt", "text/plain")


async def test_text_is_told_as_people_read_it(play: Play) -> None:
    written = (
        "<@U2> see <#C9|ideas> and <https://a.example/x|the page> or <https://b.example>, <!here> a &lt; b &amp;amp;"
    )
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": written}
    play.server.deliveries.tell(event)
    told = (await play.one(MessagePosted)).text
    assert told == "@Sam see #ideas and the page (https://a.example/x) or https://b.example, @here a < b &amp;"


async def test_roles_come_from_the_workspace_and_from_the_settings(server: SlackServer) -> None:
    space = server.space
    for user, more in {"U3": {}, "U4": {"team_id": "T9", "is_admin": True}, "U5": {"is_bot": True}}.items():
        space.person(user, user, **more)
    async with playing(server, staff=frozenset({"U3"})) as play:
        for user in ("U1", "U2", "U3", "U4", "U5", "UNHEARDOF"):
            space.say(user, "C1", "hello")
        said = await play.sink.kept(6, MessagePosted)
    roles = [Role.CUSTOMER, Role.ADMIN, Role.STAFF, Role.CUSTOMER, Role.BOT, Role.CUSTOMER]
    assert [event.actor.role for event in said] == roles


async def test_another_apps_words_are_a_bots(play: Play) -> None:
    play.server.space.post("C1", {"subtype": "bot_message", "bot_id": "B9", "username": "CI", "text": "green"})
    posted = await play.one(MessagePosted)
    assert (posted.actor.name, posted.actor.role) == ("CI", Role.BOT)


async def test_joins_and_topics_and_direct_messages_are_not_told(play: Play) -> None:
    space = play.server.space
    for subtype in ("channel_join", "channel_topic", "channel_archive"):
        space.post("C1", {"subtype": subtype, "user": "U1", "text": "joined"})
    space.channel("D1", "", "im").other = "U1"
    space.say("U1", "D1", "psst")
    space.say("U1", "C1", "hello")
    assert (await play.one(MessagePosted)).text == "hello"


async def test_peers_13_who_reads_a_channel_is_told_with_every_message(play: Play) -> None:
    space = play.server.space
    space.channel("C2", "partners", is_ext_shared=True, is_shared=True)
    space.channel("C3", "soon", is_pending_ext_shared=True)
    space.channel("C4", "leads", "private")
    space.channel("G5", "group", "mpim")
    space.channel("C6", "silent", is_ext_shared=None)
    for channel in ("C1", "C2", "C3", "C4", "G5", "C6"):
        space.say("U1", channel, "hello")
    said = {event.place.channel: event.place for event in await play.sink.kept(6, MessagePosted)}
    private = {channel for channel, place in said.items() if place.audience is Audience.PRIVATE}
    assert private == {"C4", "G5"}
    assert all(place.audience is Audience.PUBLIC for channel, place in said.items() if channel not in private)
    outside = {"C2": Shared.YES, "C3": Shared.YES, "C6": Shared.UNKNOWN}
    assert {channel: place.shared for channel, place in said.items()} == dict.fromkeys(said, Shared.NO) | outside


async def test_peers_13_a_channel_that_cannot_be_looked_up_counts_as_shared(play: Play) -> None:
    play.server.fail("conversations.info", "missing_scope")
    play.server.space.say("U1", "C1", "hello")
    place = (await play.one(MessagePosted)).place
    assert (place.audience, place.shared) == (Audience.PRIVATE, Shared.UNKNOWN)


async def test_peers_13_a_channel_that_becomes_shared_is_looked_up_again(play: Play) -> None:
    space = play.server.space
    space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    space.channels["C1"].flags["is_ext_shared"] = True
    play.server.deliveries.tell({"type": "channel_shared", "channel": "C1", "connected_team_id": "T9"})
    space.say("U1", "C1", "after")
    before, after = await play.sink.kept(2, MessagePosted)
    assert (before.place.shared, after.place.shared) == (Shared.NO, Shared.YES)


async def test_peers_13_a_channel_that_becomes_shared_is_told_of_before_anybody_speaks(play: Play) -> None:
    space = play.server.space
    space.channels["C1"].flags["is_ext_shared"] = True
    play.server.deliveries.tell({"type": "channel_shared", "channel": "C1", "connected_team_id": "T9"})
    place = (await play.one(ChannelChanged)).place
    assert (place.channel, place.shared) == ("C1", Shared.YES)


@pytest.mark.parametrize("audience", ["public", "private"])
async def test_peers_13_a_channel_that_is_made_public_or_private_is_told_of(play: Play, audience: str) -> None:
    space = play.server.space
    channel = space.channel("C2", "leads", "private" if audience == "public" else "public")
    space.say("U1", "C2", "before")
    await play.sink.kept(1, MessagePosted)
    channel.kind = audience
    space.post("C2", {"user": "U2", "subtype": f"channel_convert_to_{audience}", "text": "made it so"})
    place = (await play.one(ChannelChanged)).place
    assert (place.channel, place.audience) == ("C2", Audience(audience))


async def test_a_renamed_channel_is_told_of(play: Play) -> None:
    play.server.space.channels["C1"].name = "support"
    play.server.deliveries.tell({"type": "channel_rename", "channel": {"id": "C1", "name": "support", "created": 1}})
    assert (await play.one(ChannelChanged)).place.name == "support"


async def test_what_was_looked_up_is_asked_again_after_a_while(play: Play) -> None:
    space = play.server.space
    space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    space.person("U1", "Anna Nowak")
    play.clock.advance(timedelta(minutes=11))
    space.say("U1", "C1", "after")
    assert [e.actor.name for e in await play.sink.kept(2, MessagePosted)] == ["Anna Kowalska", "Anna Nowak"]


async def test_a_limit_on_looking_up_holds_events_back_and_loses_none(play: Play) -> None:
    play.server.fail("users.info", "429", 30)
    play.server.fail("conversations.info", "500")
    play.server.space.say("U1", "C1", "first")
    play.server.space.say("U1", "C1", "second")
    said = await play.sink.kept(2, MessagePosted)
    assert [(event.text, event.actor.name) for event in said] == [
        ("first", "Anna Kowalska"),
        ("second", "Anna Kowalska"),
    ]


async def test_any_number_of_mentions_is_looked_up_within_bounds(play: Play) -> None:
    written = " ".join(f"<@UNOBODY{number}|nobody {number}>" for number in range(1_000))
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": written}
    play.server.deliveries.tell(event)
    posted = await play.one(MessagePosted)
    assert posted.text == " ".join(f"@nobody {number}" for number in range(1_000))
    assert len([method for method, _ in play.server.calls if method == "users.info"]) < 30


@pytest.mark.parametrize("fault", ["429", "500"])
async def test_a_mention_that_cannot_be_looked_up_now_holds_nothing_back(play: Play, fault: str) -> None:
    play.server.space.say("U1", "C1", "known")
    await play.sink.kept(1, MessagePosted)
    play.server.fail("users.info", fault, 30, times=10_000)
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "<@U2> <@U3|eve>"}
    play.server.deliveries.tell(event)
    assert [event.text for event in await play.sink.kept(2, MessagePosted)] == ["known", "@U2 @eve"]


MALFORMED: list[dict[str, Any]] = [
    {},
    {"type": None},
    {"type": "message"},
    {"type": "message", "channel": "C1", "user": "U1", "text": "no ts"},
    {"type": "message", "channel": "C1", "user": "U1", "ts": "yesterday", "text": "bad ts"},
    {"type": "message", "channel": "C1", "user": "U1", "ts": "nan", "text": "no number"},
    {"type": "message", "channel": ["C1"], "user": {"id": "U1"}, "ts": 17, "text": 3},
    {"type": "message", "subtype": "message_changed", "channel": "C1", "message": "gone"},
    {"type": "message", "subtype": "message_deleted", "channel": "C1"},
    {"type": "reaction_added", "user": "U1", "item": {"type": "message"}},
    {"type": "reaction_added", "item": []},
    {"type": "not_invented_yet", "channel": "C1"},
]


@pytest.mark.parametrize("event", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_cannot_be_read_is_logged_by_kind_and_skipped(play: Play, event: dict[str, Any]) -> None:
    with capture_logs() as logs:
        play.server.deliveries.tell(event)
        play.server.space.say("U1", "C1", "still here")
        assert (await play.one(MessagePosted)).text == "still here"
    skipped = [log for log in logs if log["event"] == "payload_skipped"]
    assert len(skipped) == 1
    assert "no ts" not in str(skipped)


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


async def test_the_bot_is_addressed_by_its_name_also_after_it_was_renamed(play: Play) -> None:
    play.server.space.person(play.server.space.bot_user, "Renamed", is_bot=True)
    play.server.space.mention("U1", "C1", "hello")
    assert play.chat.identity().mention in (await play.one(MessagePosted)).text


async def test_an_app_that_is_removed_stops_sending_says_so_once_and_keeps_what_it_heard(play: Play) -> None:
    play.server.deliveries.tell({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    play.server.space.say("U1", "C1", "before")
    await play.one(MessagePosted)
    await play.chat.send(SpaceId("T1"), ChannelId("C1"), None, plain("still here"), OutboxId("k1"))
    with capture_logs() as logs:
        play.server.deliveries.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["T1BOTUSER"]}})
        play.server.deliveries.tell({"type": "app_uninstalled"})
        async with asyncio.timeout(5):
            await play.server.deliveries.settled()
        with pytest.raises(Unavailable):
            await play.chat.send(SpaceId("T1"), ChannelId("C1"), None, plain("gone"), OutboxId("k2"))
    assert [log["reason"] for log in logs if log["event"] == "slack_access_revoked"] == ["tokens_revoked"]
    assert len(play.sink.events) == 1
