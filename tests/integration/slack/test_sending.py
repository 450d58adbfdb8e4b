"""What the bot sends: within Slack's limits, once, at its pace, and what every refusal means."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from adapters.slack.config import SlackConfig
from adapters.slack.gateway import SlackChat, who_am_i
from dialogue.actions import OutboxId
from dialogue.errors import RateLimited, Rejected, SendError, Unavailable, Uncertain
from dialogue.events import ReplyHandle
from dialogue.posts import Button, Buttons, Emphasis, Fact, Facts, Heading, Paragraph, Post, Quote, Words, plain
from dialogue.rows import SentRef
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MemberId, PlatformMessageId, SpaceId
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


def quoting(text: str) -> Post:
    words = Words(text, Origin(CommunityId("c"), T1, C1, Audience.PUBLIC), MemberId("m"))
    return Post(
        (Heading(words), Paragraph(words), Quote(words, words, "https://a.example/x"), Facts((Fact("L", words),)))
    )


async def test_the_largest_post_that_the_fence_lets_out_fits(chat: SlackChat, server: SlackServer) -> None:
    buttons = tuple(Button("b" * 75, f"plan:{n}:1", Emphasis.PRIMARY) for n in range(25))
    blocks = (
        Heading("h" * 200),
        *(Paragraph("p" * 2000) for _ in range(4)),
        Facts(tuple(Fact("l" * 60, "v" * 30) for _ in range(10))),
        Buttons(buttons),
    )
    ref = await chat.send(T1, C1, None, Post(blocks), K1)
    assert "h" * 200 in server.space.shown(ref.channel, ref.message)


async def test_a_post_that_cannot_fit_is_rejected_before_it_is_sent(chat: SlackChat, server: SlackServer) -> None:
    with pytest.raises(Rejected):
        await chat.send(T1, C1, None, plain("x" * (chat.limits().text + 1)), K1)
    assert not [call for call in server.calls if call[0] == "chat.postMessage"]


@pytest.mark.parametrize(
    "text", ["<!channel> <@U1> & <https://evil.example|here>", "*bold* _it_ `code` ~no~", ":boom:"]
)
async def test_peoples_words_are_shown_as_said_and_mean_nothing(
    chat: SlackChat, server: SlackServer, text: str
) -> None:
    ref = await chat.send(T1, C1, None, quoting(text), K1)
    (_, sent) = next(call for call in server.calls if call[0] == "chat.postMessage")
    assert server.space.shown(ref.channel, ref.message).count(text) == 5
    assert "<" not in sent["text"]
    assert "mrkdwn" not in str(sent["blocks"])
    assert (sent["unfurl_links"], sent["unfurl_media"], sent["parse"]) == (False, False, "none")


async def test_an_answer_goes_into_its_thread(chat: SlackChat, server: SlackServer) -> None:
    root = PlatformMessageId(server.space.say("U1", "C1", "help"))
    ref = await chat.send(T1, C1, root, plain("here"), K1)
    assert server.space.message("C1", ref.message)["thread_ts"] == root


@pytest.mark.parametrize(
    ("fault", "seconds", "error"),
    [
        ("429", 17, RateLimited),
        ("500", 0, Uncertain),
        ("cut", 0, Uncertain),
        ("internal_error", 0, Uncertain),
        ("fatal_error", 0, Uncertain),
        ("service_unavailable", 0, Unavailable),
        ("channel_not_found", 0, Rejected),
        ("not_in_channel", 0, Rejected),
        ("is_archived", 0, Rejected),
        ("msg_too_long", 0, Rejected),
        ("token_revoked", 0, Unavailable),
    ],
)
async def test_every_refusal_is_one_of_four_errors(
    chat: SlackChat, server: SlackServer, fault: str, seconds: int, error: type[SendError]
) -> None:
    server.fail("chat.postMessage", fault, seconds)
    with pytest.raises(error) as raised:
        await chat.send(T1, C1, None, plain("hello"), K1)
    assert len([call for call in server.calls if call[0] == "chat.postMessage"]) == 1
    if isinstance(raised.value, RateLimited):
        assert raised.value.after == timedelta(seconds=17)


async def test_nobody_there_is_surely_unsent(server: SlackServer) -> None:
    me = await who_am_i(config_of(server))
    server.base = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        await chat_on(config_of(server), me).send(T1, C1, None, plain("hello"), K1)


async def test_revoked_access_is_said_once_and_nothing_is_called_any_more(chat: SlackChat, server: SlackServer) -> None:
    server.revoked = True
    server.calls.clear()
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(Unavailable):
                await chat.send(T1, C1, None, plain("hello"), K1)
    assert [log["event"] for log in logs] == ["slack_access_revoked"]
    assert len(server.calls) == 1


async def test_posts_of_one_channel_are_a_second_apart_and_others_do_not_wait(config: SlackConfig) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    chat = chat_on(config, await who_am_i(config), wait=wait)
    for number in range(3):
        await chat.send(T1, C1, None, plain("hello"), OutboxId(f"k{number}"))
    await chat.send_direct(T1, AccountId("U1"), plain("hello"), OutboxId("k9"))
    assert waits == [1.0, 2.0]


async def test_a_long_line_is_left_to_the_caller(config: SlackConfig) -> None:
    chat = chat_on(config, await who_am_i(config))
    for number in range(11):
        await chat.send(T1, C1, None, plain("hello"), OutboxId(f"k{number}"))
    with pytest.raises(RateLimited):
        await chat.send(T1, C1, None, plain("hello"), OutboxId("k11"))


async def test_who_takes_no_direct_messages_is_rejected(chat: SlackChat, server: SlackServer) -> None:
    server.space.person("U3", "Closed", closed=True)
    for user in ("U3", "UNHEARDOF"):
        with pytest.raises(Rejected):
            await chat.send_direct(T1, AccountId(user), plain("hello"), K1)


async def test_somebody_elses_message_is_not_changed(chat: SlackChat, server: SlackServer) -> None:
    theirs = SentRef(C1, PlatformMessageId(server.space.say("U1", "C1", "mine")))
    with pytest.raises(Rejected):
        await chat.edit(T1, theirs, plain("ours"), K1)


async def test_a_private_answer_works_five_times_and_half_an_hour(chat: SlackChat, server: SlackServer) -> None:
    handle = ReplyHandle(server.space.address(server.base, "U1", "C1"), since(server) + timedelta(minutes=29))
    for _ in range(5):
        await chat.reply(T1, C1, AccountId("U1"), handle, quoting("<!channel>"), K1)
    with pytest.raises(Rejected):
        await chat.reply(T1, C1, AccountId("U1"), handle, plain("again"), K1)
    fresh = ReplyHandle(server.space.address(server.base, "U1", "C1"), since(server) + timedelta(hours=9))
    server.space.later = 1801
    with pytest.raises(Rejected):
        await chat.reply(T1, C1, AccountId("U1"), fresh, plain("late"), K1)


async def test_an_answer_after_its_time_is_rejected_without_a_call(chat: SlackChat, server: SlackServer) -> None:
    handle = ReplyHandle(server.space.address(server.base, "U1", "C1"), since(server) - timedelta(seconds=1))
    with pytest.raises(Rejected):
        await chat.reply(T1, C1, AccountId("U1"), handle, plain("late"), K1)
    assert server.answers("U1") == []


async def test_an_answer_in_trouble_is_uncertain(chat: SlackChat, server: SlackServer) -> None:
    server.fail("response", "500")
    handle = ReplyHandle(server.space.address(server.base, "U1", "C1"), since(server) + timedelta(minutes=29))
    with pytest.raises(Uncertain):
        await chat.reply(T1, C1, AccountId("U1"), handle, plain("hello"), K1)


@pytest.mark.parametrize("error", ["invalid_auth", "team_access_not_granted", "not_authed", "token_expired"])
async def test_what_may_be_said_in_passing_fails_that_call_alone(
    chat: SlackChat, server: SlackServer, error: str
) -> None:
    server.fail("chat.postMessage", error)
    with pytest.raises(Unavailable):
        await chat.send(T1, C1, None, plain("hello"), K1)
    assert (await chat.send(T1, C1, None, plain("hello"), K1)).channel == C1


async def test_peers_13_words_said_elsewhere_stay_out_of_a_channel_that_became_shared(
    chat: SlackChat, server: SlackServer
) -> None:
    elsewhere = Origin(CommunityId("c"), T1, ChannelId("C2"), Audience.INTERNAL)
    card = Post((Quote(Words("our plan", elsewhere, MemberId("m")), "Sam"),))
    ref = await chat.send(T1, C1, None, card, K1)
    server.space.channels["C1"].flags["is_ext_shared"] = True
    with pytest.raises(Rejected):
        await chat.send(T1, C1, None, card, K2)
    with pytest.raises(Rejected):
        await chat.edit(T1, ref, card, K2)
    await chat.send(T1, C1, None, quoting("its own words"), K2)


async def test_peers_13_a_channel_that_slack_says_nothing_of_gets_nothing_said_elsewhere(
    chat: SlackChat, server: SlackServer
) -> None:
    server.scopes -= {"channels:read"}
    elsewhere = Origin(CommunityId("c"), T1, ChannelId("C2"), Audience.PUBLIC)
    with pytest.raises(Rejected):
        await chat.send(T1, C1, None, Post((Paragraph(Words("said", elsewhere, MemberId("m"))),)), K1)
