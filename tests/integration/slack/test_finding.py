"""What may have been sent is looked for where it was to go, and nowhere else."""

from datetime import UTC, datetime

import pytest

from adapters.slack.config import SlackConfig
from adapters.slack.gateway import SlackChat, who_am_i
from dialogue.actions import OutboxId, Reply, Said, SendDirect
from dialogue.actions import Post as PostIn
from dialogue.errors import RateLimited, Unavailable, Uncertain
from dialogue.events import ReplyHandle
from dialogue.posts import plain
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from tests.integration.slack.running import chat_on, config_of
from tests.servers.slack.server import SlackServer

T1, C1, K1, K2 = SpaceId("T1"), ChannelId("C1"), OutboxId("k1"), OutboxId("k2")


@pytest.fixture
async def config(server: SlackServer) -> SlackConfig:
    return config_of(server)


@pytest.fixture
async def chat(config: SlackConfig) -> SlackChat:
    return chat_on(config, await who_am_i(config))


def since(server: SlackServer) -> datetime:
    return datetime.fromtimestamp(server.space.now(), UTC)


HELLO = Said(plain("hello"))


def posted(thread: PlatformMessageId | None = None) -> PostIn:
    return PostIn(T1, C1, HELLO, thread)


def answered(server: SlackServer) -> Reply:
    return Reply(T1, C1, AccountId("U1"), ReplyHandle("x", since(server)), HELLO)


async def test_what_was_sent_though_the_answer_was_lost_is_found(chat: SlackChat, server: SlackServer) -> None:
    start = since(server)
    server.fail("chat.postMessage", "cut")
    with pytest.raises(Uncertain):
        await chat.send(T1, C1, None, plain("hello"), K1)
    (ts,) = server.space.channels["C1"].messages
    assert await chat.find_sent(posted(), K1, start) == SentRef(C1, PlatformMessageId(ts))


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_reply_below_an_old_root_is_found_too(
    chat: SlackChat, config: SlackConfig, server: SlackServer, restarted: bool
) -> None:
    root = PlatformMessageId(f"{server.space.now() - 30 * 86_400:.6f}")
    server.space.channels["C1"].messages[root] = {"type": "message", "ts": root, "user": "U1", "text": "long ago"}
    start = since(server)
    server.fail("chat.postMessage", "cut")
    with pytest.raises(Uncertain):
        await chat.send(T1, C1, root, plain("here"), K1)
    if restarted:
        chat = chat_on(config, await who_am_i(config))
    found = await chat.find_sent(posted(root), K1, start)
    assert found is not None
    assert server.space.message("C1", found.message)["thread_ts"] == root
    assert await chat.find_sent(posted(root), K2, start) is None


async def test_after_a_restart_no_other_place_is_looked_through(config: SlackConfig, server: SlackServer) -> None:
    for number in range(2, 6):
        server.space.channel(f"C{number}", f"room-{number}")
    root = PlatformMessageId(server.space.say("U1", "C1", "root"))
    chat, start = chat_on(config, await who_am_i(config)), since(server)
    server.calls.clear()
    for action in (posted(), posted(root), SendDirect(T1, AccountId("U1"), HELLO), answered(server)):
        assert await chat.find_sent(action, K1, start) is None
    (talk,) = [channel.id for channel in server.space.channels.values() if channel.other == "U1"]
    looked = [(method, args.get("channel"), args.get("ts")) for method, args in server.calls if "conv" in method]
    assert looked == [
        ("conversations.history", "C1", None),
        ("conversations.replies", "C1", root),
        ("conversations.open", None, None),
        ("conversations.history", talk, None),
        ("conversations.history", talk, None),
    ]


async def test_an_answer_that_became_a_direct_message_is_found_there(chat: SlackChat, server: SlackServer) -> None:
    start = since(server)
    ref = await chat.send_direct(T1, AccountId("U1"), plain("hello"), K1)
    assert await chat.find_sent(answered(server), K1, start) == ref


async def test_whoever_cannot_be_written_to_was_sent_nothing(chat: SlackChat, server: SlackServer) -> None:
    assert await chat.find_sent(SendDirect(T1, AccountId("UNHEARDOF"), HELLO), K1, since(server)) is None


async def test_a_search_goes_on_where_a_limit_stopped_it(config: SlackConfig, server: SlackServer) -> None:
    chat, start = chat_on(config, await who_am_i(config)), since(server)
    ref = await chat.send(T1, C1, None, plain("hello"), K1)
    for number in range(450):
        server.space.say("U1", "C1", f"line {number}")
    server.fail("conversations.history", "", times=1)
    server.fail("conversations.history", "429", 60)
    with pytest.raises(RateLimited):
        await chat.find_sent(posted(), K1, start)
    server.faults.clear()
    server.calls.clear()
    assert await chat.find_sent(posted(), K1, start) == ref
    assert [args.get("cursor") for _, args in server.calls] == ["200", "400"]


async def test_a_search_whose_place_is_forgotten_begins_anew(config: SlackConfig, server: SlackServer) -> None:
    chat, start = chat_on(config, await who_am_i(config)), since(server)
    server.fail("conversations.history", "invalid_cursor")
    with pytest.raises(Unavailable):
        await chat.find_sent(posted(), K1, start)
    assert await chat.find_sent(posted(), K1, start) is None


async def test_where_we_may_no_longer_read_nobody_knows_whether_it_was_sent(
    chat: SlackChat, server: SlackServer
) -> None:
    start = since(server)
    await chat.send(T1, C1, None, plain("hello"), K1)
    server.space.channels["C1"].member = False
    with pytest.raises(Unavailable):
        await chat.find_sent(posted(), K1, start)


async def test_an_edit_keeps_the_key_by_which_the_post_is_found(chat: SlackChat, server: SlackServer) -> None:
    start = since(server)
    ref = await chat.send(T1, C1, None, plain("before"), K1)
    await chat.edit(T1, ref, plain("after"), K2)
    assert await chat.find_sent(posted(), K1, start) == ref
