"""What was missed is read back: whole, with threads, patiently, and each channel by its own ids."""

from collections.abc import AsyncIterator, Sequence

import pytest

from adapters.slack.config import Transport
from adapters.slack.gateway import SlackChat
from dialogue.errors import RateLimited, Unavailable
from dialogue.events import Event, MessageDeleted, MessageEdited, MessagePosted, dedupe_key
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId
from tests.contract.chat.contract import SINCE
from tests.integration.slack.playing import playing
from tests.servers.slack.server import SlackServer


@pytest.fixture
async def chat(server: SlackServer) -> AsyncIterator[SlackChat]:
    async with playing(server) as play:
        yield play.chat


async def read(chat: SlackChat, after: str | None, channel: str = "C1") -> Sequence[Event]:
    """Page by page, as the backfill does; whatever is limited is asked again."""
    gap = Gap(SpaceId("T1"), ChannelId(channel), PlatformMessageId(after) if after else None, SINCE)
    told: list[Event] = []
    page = gap.after
    while True:
        try:
            events = await chat.history(gap, page)
        except RateLimited:
            continue
        if not events:
            return told
        told += events
        page = events[-1].message  # type: ignore[union-attr]


def texts(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, MessagePosted)]


async def test_peers_22_replies_are_read_too_also_below_older_roots(chat: SlackChat, server: SlackServer) -> None:
    space = server.space
    old = space.say("U1", "C1", "old root")
    seen = space.say("U1", "C1", "seen")
    new = space.say("U1", "C1", "new root")
    space.say("U2", "C1", "reply to old", old)
    space.say("U2", "C1", "reply to new", new)
    events = await read(chat, seen)
    assert texts(events) == ["new root", "reply to old", "reply to new"]
    assert [event.place.thread for event in events if isinstance(event, MessagePosted)] == [None, old, new]


async def test_peers_22_one_ts_in_two_channels_is_two_messages(chat: SlackChat, server: SlackServer) -> None:
    server.space.channel("C2", "ideas")
    for channel in ("C1", "C2"):
        message = {"type": "message", "user": "U1", "text": channel, "ts": "1700000000.000100"}
        server.space.channels[channel].messages[message["ts"]] = message
    events = [*await read(chat, None), *await read(chat, None, "C2")]
    assert texts(events) == ["C1", "C2"]
    assert len({dedupe_key(event) for event in events}) == 2


async def test_peers_06_a_limit_of_one_call_a_minute_only_slows_it_down(server: SlackServer) -> None:
    said = [f"line {number}" for number in range(450)]
    first = server.space.say("U1", "C1", "seen")
    for text in said:
        server.space.say("U1", "C1", text)
    root = server.space.say("U1", "C1", "root")
    server.space.say("U2", "C1", "reply", root)
    for _ in range(4):
        server.fail("conversations.history", "429", 60)
        server.fail("conversations.history", "")
    server.fail("conversations.replies", "429", 60)
    async with playing(server, Transport.HTTP) as play:  # a socket that is lost meanwhile has it read again
        assert texts(await read(play.chat, first)) == [*said, "root", "reply"]
    asked = [args.get("cursor") for method, args in server.calls if method == "conversations.history"]
    assert len(asked) - len(set(asked)) == 3, "what was read is not read again"


async def test_edits_and_graves_come_with_the_history(chat: SlackChat, server: SlackServer) -> None:
    space = server.space
    seen = space.say("U1", "C1", "seen")
    changed, root = space.say("U1", "C1", "before"), space.say("U1", "C1", "root")
    space.say("U2", "C1", "reply", root)
    space.change("C1", changed, "after")
    space.delete("C1", root)
    events = await read(chat, seen)
    assert texts(events) == ["after", "reply"]
    assert [event.message for event in events if isinstance(event, MessageEdited)] == [changed]
    assert [event.message for event in events if isinstance(event, MessageDeleted)] == [root]


async def test_our_own_posts_and_joins_do_not_end_a_history_early(chat: SlackChat, server: SlackServer) -> None:
    space = server.space
    seen = space.say("U1", "C1", "seen")
    for number in range(150):
        space.post("C1", {"user": space.bot_user, "bot_id": space.bot, "text": f"card {number}"})
        space.post("C1", {"subtype": "channel_join", "user": "U1", "text": "joined"})
    space.say("U1", "C1", "after them")
    assert texts(await read(chat, seen)) == ["after them"]


async def test_history_is_not_live_and_a_second_gap_is_read_anew(chat: SlackChat, server: SlackServer) -> None:
    first = server.space.say("U1", "C1", "first")
    second = server.space.say("U1", "C1", "second")
    events = await read(chat, first)
    assert not any(event.live for event in events if isinstance(event, MessagePosted))
    server.space.say("U1", "C1", "third")
    assert texts(await read(chat, second)) == ["third"]


async def test_what_is_missed_while_a_gap_is_read_is_read_too(server: SlackServer) -> None:
    async with playing(server) as play:
        seen = server.space.say("U1", "C1", "seen")
        for number in range(101):
            server.space.say("U1", "C1", f"line {number}")
        await play.sink.kept(102, MessagePosted)
        gap = Gap(SpaceId("T1"), ChannelId("C1"), PlatformMessageId(seen), SINCE)
        page = await play.chat.history(gap, gap.after)
        last = next(event.message for event in reversed(page) if isinstance(event, MessagePosted))
        server.break_sockets()
        server.space.say("U1", "C1", "in between")
        await play.sink.kept(103, MessagePosted)
        assert texts(await read(play.chat, last)) == ["line 100", "in between"]


async def test_trouble_is_told_and_nothing_is_lost_by_it(chat: SlackChat, server: SlackServer) -> None:
    seen = server.space.say("U1", "C1", "seen")
    server.space.say("U1", "C1", "missed")
    server.fail("conversations.history", "500")
    with pytest.raises(Unavailable):
        await read(chat, seen)
    assert texts(await read(chat, seen)) == ["missed"]


async def test_a_root_deleted_before_its_thread_is_read_holds_nothing_up(chat: SlackChat, server: SlackServer) -> None:
    space = server.space
    seen = space.say("U1", "C1", "seen")
    for root in (space.say("U1", "C1", "first"), space.say("U1", "C1", "second")):
        space.say("U2", "C1", "reply", root)
    server.fail("conversations.replies", "thread_not_found")
    assert texts(await read(chat, seen)) == ["first", "second", "reply"]


async def test_nothing_is_read_back_before_what_is_said_from_now_on_is_told(
    server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.gateway.FIRST_HELLO", 0)
    server.fail("apps.connections.open", "500", times=10_000)
    seen = server.space.say("U1", "C1", "seen")
    async with playing(server) as play:
        await server.until(lambda: "apps.connections.open" in [method for method, _ in server.calls])
        with pytest.raises(Unavailable):
            await read(play.chat, seen)
        assert "conversations.history" not in [method for method, _ in server.calls]
        server.faults.clear()
        server.space.say("U1", "C1", "meanwhile")
        await play.sink.kept(1, MessagePosted)
        assert texts(await read(play.chat, seen)) == ["meanwhile"]
