"""What people do in Slack arrives as the dialogue's events, over Socket Mode and the unmodified client."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from dialogue.actions import OutboxId
from dialogue.events import (
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
    dedupe_key,
)
from dialogue.posts import plain
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role
from tests.integration.slack.playing import Play


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


async def test_another_apps_words_are_a_bots(play: Play) -> None:
    play.server.space.post("C1", {"subtype": "bot_message", "bot_id": "B9", "username": "CI", "text": "green"})
    posted = await play.one(MessagePosted)
    assert (posted.actor.name, posted.actor.role) == ("CI", Role.BOT)


async def test_joins_and_topics_are_not_told(play: Play) -> None:
    space = play.server.space
    play.server.calls.clear()
    for subtype in ("channel_join", "channel_leave", "channel_topic", "channel_archive"):
        for number in range(50):
            space.post("C1", {"subtype": subtype, "user": f"UNEW{number}", "text": "joined"})
    space.say("U1", "C1", "hello")
    assert (await play.one(MessagePosted)).text == "hello"
    assert [args["user"] for method, args in play.server.calls if method == "users.info"] == ["U1"]


async def test_for_what_we_and_other_apps_do_nobody_is_looked_up(play: Play) -> None:
    space = play.server.space
    play.server.calls.clear()
    ours = await play.chat.send(SpaceId("T1"), ChannelId("C1"), None, plain("a card"), OutboxId("k2"))
    await play.chat.react(
        SpaceId("T1"), ChannelId("C1"), PlatformMessageId(ours.message), "memo", OutboxId("k1"), present=True
    )
    space.change("C1", ours.message, "another card")
    space.delete("C1", ours.message)
    space.post("C1", {"bot_id": "B9", "user": "U9", "username": "CI", "text": "green"})
    await play.one(MessagePosted)
    assert "users.info" not in [method for method, _ in play.server.calls]


async def test_what_somebody_tells_the_app_alone_is_heard_changed_and_deleted(play: Play) -> None:
    space = play.server.space
    space.channel("D1", "", "im").other = "U1"
    ts = space.say("U1", "D1", "psst")
    space.change("D1", ts, "psst, listen")
    space.react("U1", "D1", ts, "bulb")
    await play.chat.send(SpaceId("T1"), ChannelId("D1"), None, plain("I am a bot"), OutboxId("k1"))
    space.delete("D1", ts)
    said, changed = await play.one(MessagePosted), await play.one(MessageEdited)
    assert (said.text, changed.text, (await play.one(MessageDeleted)).message) == ("psst", "psst, listen", ts)
    for place in (said.place, changed.place, (await play.one(ReactionAdded)).place):
        assert (place.channel, place.direct, place.audience, place.shared) == ("D1", True, "private", "no")
    assert len(play.sink.events) == 4


async def test_only_the_talk_with_the_app_is_direct(play: Play) -> None:
    space = play.server.space
    space.channel("G1", "group", "mpim")
    space.say("U1", "C1", "hello")
    space.say("U1", "G1", "hello")
    assert [event.place.direct for event in await play.sink.kept(2, MessagePosted)] == [False, False]


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
    {"type": "team_join"},
    {"type": "user_change", "user": "U1"},
    {"type": "user_change", "user": {"id": 17}},
    {"type": "channel_deleted"},
    {"type": "channel_archive", "channel": None},
    {"type": "app_home_opened", "tab": "home"},
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


async def test_the_bot_is_addressed_by_its_name_also_after_it_was_renamed(play: Play) -> None:
    play.server.space.person(play.server.space.bot_user, "Renamed", is_bot=True)
    play.server.space.mention("U1", "C1", "hello")
    assert play.chat.identity().mention in (await play.one(MessagePosted)).text
