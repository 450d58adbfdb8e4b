"""Pictures are uploaded and stand in the message itself, in words where Slack does not take them."""

from datetime import UTC, datetime

import pytest

from adapters.slack.config import SlackConfig
from adapters.slack.gateway import SlackChat, who_am_i
from dialogue.actions import OutboxId, Said
from dialogue.actions import Post as PostIn
from dialogue.errors import RateLimited, Rejected, SendError, Unavailable, Uncertain
from dialogue.posts import Paragraph, Picture, Post, plain
from knowledge_base.ids import ChannelId, SpaceId
from tests.integration.slack.running import chat_on, config_of
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import Payload

T1, C1, K1 = SpaceId("T1"), ChannelId("C1"), OutboxId("k1")
PNG = b"\x89PNG\r\n\x1a\n picture"
DIGEST = Post((Paragraph("This week"), Picture(PNG, "Insights rose from 3 to 5")))


@pytest.fixture
async def config(server: SlackServer) -> SlackConfig:
    return config_of(server)


@pytest.fixture
async def chat(config: SlackConfig) -> SlackChat:
    return chat_on(config, await who_am_i(config))


def pictures(server: SlackServer) -> list[Payload]:
    """Those in the messages of the channel."""
    messages = server.space.channels["C1"].messages.values()
    return [block for message in messages for block in message["blocks"] if block["type"] == "image"]


async def test_a_picture_stands_in_the_message_with_its_words(chat: SlackChat, server: SlackServer) -> None:
    await chat.send(T1, C1, None, DIGEST, K1)
    (picture,) = pictures(server)
    assert picture["alt_text"] == "Insights rose from 3 to 5"
    file = server.space.files[picture["slack_file"]["id"]]
    assert (file.content, file.complete) == (PNG, True)
    (completed,) = [args for method, args in server.calls if method == "files.completeUploadExternal"]
    assert "channel_id" not in completed


async def test_a_picture_that_slack_is_still_looking_at_is_waited_for(config: SlackConfig, server: SlackServer) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    server.space.patience = 3
    await chat_on(config, await who_am_i(config), wait=wait).send(T1, C1, None, DIGEST, K1)
    assert len(pictures(server)) == 1
    assert len(server.space.files) == 1
    assert {0.5, 1.0, 2.0} <= set(waits)


@pytest.mark.parametrize("fault", ["never", "missing_scope"])
async def test_where_slack_takes_no_picture_its_words_are_shown(
    chat: SlackChat, server: SlackServer, fault: str
) -> None:
    if fault == "never":
        server.space.patience = 1_000
    else:
        server.scopes -= {"files:write"}
    ref = await chat.send(T1, C1, None, DIGEST, K1)
    assert pictures(server) == []
    assert server.space.shown(ref.channel, ref.message) == "This week\nInsights rose from 3 to 5"


async def test_a_picture_of_which_the_answer_was_lost_is_found_and_not_posted_again(
    chat: SlackChat, server: SlackServer
) -> None:
    start = datetime.fromtimestamp(server.space.now(), UTC)
    server.fail("chat.postMessage", "cut")
    with pytest.raises(Uncertain):
        await chat.send(T1, C1, None, DIGEST, K1)
    assert await chat.find_sent(PostIn(T1, C1, Said(plain("This week"))), K1, start) is not None
    assert len(pictures(server)) == 1


@pytest.mark.parametrize(
    ("step", "fault", "error"),
    [
        ("files.getUploadURLExternal", "429", RateLimited),
        ("files.getUploadURLExternal", "500", Unavailable),
        ("upload", "500", Unavailable),
        ("files.completeUploadExternal", "cut", Unavailable),
    ],
)
async def test_an_upload_that_fails_has_surely_shown_nothing(
    chat: SlackChat, server: SlackServer, step: str, fault: str, error: type[SendError]
) -> None:
    server.fail(step, fault, 9)
    with pytest.raises(error) as raised:
        await chat.send(T1, C1, None, DIGEST, K1)
    assert "/upload/" not in str(raised.value)
    assert server.space.channels["C1"].messages == {}
    await chat.send(T1, C1, None, DIGEST, K1)
    assert len(pictures(server)) == 1


@pytest.mark.parametrize(("fault", "error"), [("429", RateLimited), ("cut", Uncertain), ("500", Uncertain)])
async def test_a_picture_is_uploaded_once_however_often_its_post_is_tried(
    chat: SlackChat, server: SlackServer, fault: str, error: type[SendError]
) -> None:
    server.fail("chat.postMessage", fault, 9, times=3)
    for _ in range(3):
        with pytest.raises(error):
            await chat.send(T1, C1, None, DIGEST, K1)
    await chat.send(T1, C1, None, DIGEST, K1)
    assert len(server.space.files) == 1


async def test_a_picture_that_slack_never_took_is_uploaded_anew(chat: SlackChat, server: SlackServer) -> None:
    server.space.patience = 1_000
    await chat.send(T1, C1, None, DIGEST, K1)
    server.space.patience = 0
    await chat.send(T1, C1, None, DIGEST, OutboxId("k2"))
    assert (len(server.space.files), len(pictures(server))) == (2, 1)


async def test_blocks_that_are_refused_for_another_reason_are_tried_once(chat: SlackChat, server: SlackServer) -> None:
    server.fail("chat.postMessage", "invalid_blocks", times=10)
    with pytest.raises(Rejected):
        await chat.send(T1, C1, None, DIGEST, K1)
    assert [method for method, _ in server.calls].count("chat.postMessage") == 1


async def test_what_is_too_long_is_rejected_before_anything_is_uploaded(chat: SlackChat, server: SlackServer) -> None:
    with pytest.raises(Rejected):
        await chat.send(T1, C1, None, Post((*DIGEST.blocks, Paragraph("x" * 12_000))), K1)
    assert server.space.files == {}


async def test_an_edited_post_shows_its_picture(chat: SlackChat, server: SlackServer) -> None:
    ref = await chat.send(T1, C1, None, plain("before"), K1)
    await chat.edit(T1, ref, DIGEST, OutboxId("k2"))
    assert len(pictures(server)) == 1
