"""Commands, buttons, menus and forms: kept first, answered within Slack's three seconds, privately."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from dialogue.actions import OutboxId
from dialogue.errors import StorageUnavailable
from dialogue.events import ButtonPressed, CommandInvoked, FormSubmitted, MessagePosted
from dialogue.interactions import Choice
from dialogue.posts import Button, Buttons, Paragraph, Post, plain
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.members import Role
from tests.integration.slack.playing import Play, playing
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import Payload

T1, C1 = SpaceId("T1"), ChannelId("C1")
CARD = Post((Paragraph("card"), Buttons((Button("Plan", "plan:i1:1"), Button("Decline…", "decline:i1:1")))))


@pytest.fixture(params=["socket", "http"])
async def play(request: pytest.FixtureRequest, server: SlackServer) -> AsyncIterator[Play]:
    async with playing(server, request.param) as play:
        yield play


def last_view(play: Play) -> Payload:
    return list(play.server.space.views.values())[-1]


async def test_a_complete_command_is_kept_and_acknowledged_with_nothing(play: Play) -> None:
    answer = await play.server.command("U2", "C1", "insight decline 12 reason: too dear: really")
    assert answer == {} or answer == {"text": ""}
    asked = await play.one(CommandInvoked)
    assert (asked.noun, asked.verb) == ("insight", "decline")
    assert asked.options == {"insight": "12", "reason": "too dear: really"}
    assert (asked.place.channel, asked.actor.role) == ("C1", Role.ADMIN)


async def test_the_answer_to_a_command_is_seen_by_who_asked_alone(play: Play) -> None:
    await play.server.command("U1", "C1", "help")
    asked = await play.one(CommandInvoked)
    await play.chat.reply(T1, C1, asked.actor.account, asked.handle, plain("I am a bot"), OutboxId("k1"))
    (answer,) = play.server.answers("U1")
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
    assert play.server.space.channels["C1"].messages == {}


async def test_a_message_is_named_by_its_link_and_a_channel_by_its_mention(play: Play) -> None:
    link = "https://test.slack.com/archives/C1/p1700000000000100?thread_ts=1700000000.000001"
    await play.server.command("U2", "C1", f"tag add message:<{link}> tag:bug")
    await play.server.command("U2", "C1", "channel mode helping channel:<#C7|ideas>")
    tag, channel = await play.sink.kept(2, CommandInvoked)
    assert tag.options == {"message": "T1/C1/1700000000.000100", "tag": "bug"}
    assert channel.options == {"mode": "helping", "channel": "C7"}


async def test_an_unknown_command_is_answered_by_the_dialogue(play: Play) -> None:
    await play.server.command("U1", "C1", "dance")
    assert (await play.one(CommandInvoked)).noun == "dance"


async def test_an_incomplete_command_asks_for_the_rest_in_a_form(play: Play) -> None:
    await play.server.command("U2", "C1", "insight decline reason: too dear")
    view = last_view(play)
    assert [block["block_id"] for block in view["blocks"]] == ["insight", "reason"]
    assert view["blocks"][1]["element"]["initial_value"] == "too dear"
    play.told.choices = [Choice("12", "#12 the export"), Choice("x" * 151, "cannot be carried")]
    shown = await play.server.suggest("U2", view, "insight", "exp")
    assert [one["value"] for one in shown["options"]] == ["12"]
    (asked,) = play.told.asked
    assert (asked[0].role, asked[1]) == (Role.ADMIN, "insight decline insight:exp")
    await play.server.submit("U2", view, {"insight": "12", "reason": "too dear"})
    invoked = await play.one(CommandInvoked)
    assert invoked.options == {"insight": "12", "reason": "too dear"}
    await play.chat.reply(T1, C1, invoked.actor.account, invoked.handle, plain("done"), OutboxId("k1"))
    assert len(play.server.answers("U2")) == 1


async def test_parley_alone_offers_what_one_may_use(play: Play) -> None:
    offered = {}
    for user in ("U1", "U2"):
        await play.server.command(user, "C1", "")
        groups = last_view(play)["blocks"][0]["element"]["option_groups"]
        offered[user] = {option["value"] for group in groups for option in group["options"]}
    assert "help show" in offered["U1"]
    assert "tag new" not in offered["U1"]
    assert "tag new" in offered["U2"]


async def test_a_chosen_command_goes_on_to_its_options_or_is_done(play: Play) -> None:
    await play.server.command("U2", "C1", "")
    view = last_view(play)
    answer = await play.server.submit("U2", view, {"verb": "tag new"})
    assert answer["response_action"] == "update"
    await play.server.submit("U2", last_view(play), {"name": "bug"})
    await play.server.command("U2", "C1", "tag")
    await play.server.submit("U2", last_view(play), {"verb": "tag list"})
    made, listed = await play.sink.kept(2, CommandInvoked)
    assert (made.verb, made.options) == ("new", {"name": "bug"})
    assert (listed.verb, listed.options) == ("list", {})


async def test_who_may_not_use_a_command_is_told_so_and_not_asked_for_its_options(play: Play) -> None:
    await play.server.command("U1", "C1", "tag new")
    assert (await play.one(CommandInvoked)).actor.role is Role.CUSTOMER
    assert play.server.space.views == {}


async def test_a_button_is_kept_with_the_post_it_stands_on(play: Play) -> None:
    ref = await play.chat.send(T1, C1, None, CARD, OutboxId("k1"))
    await play.server.press("U2", "C1", ref.message, "plan:i1:1")
    pressed = await play.one(ButtonPressed)
    assert (pressed.custom_id, pressed.message, pressed.place.thread) == ("plan:i1:1", ref.message, None)


async def test_a_button_with_a_form_opens_it_and_the_form_is_checked_before_it_is_kept(play: Play) -> None:
    ref = await play.chat.send(T1, C1, None, CARD, OutboxId("k1"))
    await play.server.press("U2", "C1", ref.message, "decline:i1:1")
    view = last_view(play)
    assert view["blocks"][0]["text"]["text"] == "Decline Problem #12345 for good"
    play.told.wrong = {"reason": "Please write a reason."}
    answer = await play.server.submit("U2", view, {"reason": " "})
    assert answer == {"response_action": "errors", "errors": {"reason": "Please write a reason."}}
    play.told.wrong = {}
    for _ in range(2):
        await play.server.submit("U2", view, {"reason": "too dear"})
    sent = await play.one(FormSubmitted)
    assert (sent.custom_id, sent.values) == ("decline:i1:1", {"reason": "too dear"})


async def test_a_form_that_is_refused_says_why_privately(play: Play) -> None:
    ref = await play.chat.send(T1, C1, None, CARD, OutboxId("k1"))
    play.told.refusal = "Only staff can do <that>."
    await play.server.press("U1", "C1", ref.message, "decline:i1:1")
    assert [answer["text"] for answer in play.server.answers("U1")] == ["Only staff can do &lt;that&gt;."]
    assert play.server.space.views == {}


async def test_whom_admins_chose_as_staff_is_offered_what_staff_may_use(play: Play) -> None:
    play.told.staff = {"U1"}
    await play.server.command("U1", "C1", "insight show")
    assert [block["block_id"] for block in last_view(play)["blocks"]] == ["insight"]
    await play.server.command("U1", "C1", "")
    groups = last_view(play)["blocks"][0]["element"]["option_groups"]
    assert "insight show" in {option["value"] for group in groups for option in group["options"]}


async def test_a_command_in_a_private_channel_without_us_counts_as_read_by_outsiders(play: Play) -> None:
    play.server.space.channel("G1", "secret", "private").member = False
    await play.server.command("U2", "G1", "help")
    place = (await play.one(CommandInvoked)).place
    assert (place.channel, place.audience, place.shared) == ("G1", "private", "unknown")


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_slow_sink_is_acknowledged_in_time_and_loses_nothing(server: SlackServer, transport: str) -> None:
    async with playing(server, transport, deadline=0.05) as play:
        play.sink.slow.clear()
        assert await server.command("U1", "C1", "help") is not None
        assert play.sink.events == []
        play.sink.slow.set()
        assert (await play.one(CommandInvoked)).noun == "help"


async def test_a_form_that_slack_cannot_open_in_time_is_refused_with_a_sentence(play: Play) -> None:
    play.server.fail("views.open", "expired_trigger_id")
    answer = await play.server.command("U2", "C1", "tag new")
    assert "try again" in answer["text"]


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_form_that_slack_never_opens_is_refused_in_time(server: SlackServer, transport: str) -> None:
    async with playing(server, transport, deadline=0.2) as play:
        ref = await play.chat.send(T1, C1, None, CARD, OutboxId("k1"))
        server.fail("views.open", "silence", times=2)
        answer = await server.command("U2", "C1", "tag new")
        assert "try again" in answer["text"]
        assert await server.press("U2", "C1", ref.message, "decline:i1:1") is not None
        assert ["try again" in answer["text"] for answer in server.answers("U2")] == [True]


@pytest.mark.parametrize("trouble", ["silence", "storage"])
async def test_whoever_waits_is_told_where_the_storage_is_slow_or_gone(server: SlackServer, trouble: str) -> None:
    async with playing(server, deadline=0.2) as play:
        ref = await play.chat.send(T1, C1, None, CARD, OutboxId("k1"))
        await server.press("U2", "C1", ref.message, "decline:i1:1")
        form = last_view(play)
        await server.command("U2", "C1", "insight decline")
        asked = last_view(play)
        play.told.silent = trouble == "silence"
        play.told.trouble = StorageUnavailable("the disk is full")
        assert await server.press("U2", "C1", ref.message, "decline:i1:1") is not None
        assert ["try again" in answer["text"] for answer in server.answers("U2")] == [True]
        answer = await server.submit("U2", form, {"reason": "too dear"})
        assert "try again" in answer["errors"]["reason"]
        assert await server.suggest("U2", asked, "insight", "exp") == {"options": []}


async def test_a_mistake_of_ours_is_not_acknowledged_and_its_log_tells_no_words(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    play.told.trouble = KeyError("a customer's words")
    with capture_logs() as logs:
        asking = asyncio.ensure_future(play.server.command("U2", "C1", "insight decline reason: a customer's words"))
        await play.told.troubled.wait()
        play.told.trouble = None
        assert await play.server.command("U2", "C1", "help") is not None
    assert not asking.done()
    asking.cancel()
    (failed,) = [log for log in logs if log["event"] == "request_failed"]
    assert (failed["type"], failed["reason"].split(":")[0]) == ("slash_command", "KeyError at running.py")
    assert "words" not in f"{logs} {caplog.text}"


async def test_one_deadline_holds_for_looking_up_and_keeping_together(server: SlackServer) -> None:
    async with playing(server, deadline=1.0) as play:
        ref = await play.chat.send(T1, C1, None, CARD, OutboxId("k1"))
        await server.press("U2", "C1", ref.message, "decline:i1:1")
        form, loop = last_view(play), asyncio.get_running_loop()
        play.sink.slow.clear()
        play.told.delay = 0.8
        began = loop.time()
        answer = await server.submit("U2", form, {"reason": "too dear"})
        took = loop.time() - began
        play.sink.slow.set()
        assert answer is not None
        assert took < 1.6
        await play.one(FormSubmitted)


async def test_the_same_press_delivered_twice_is_one(play: Play) -> None:
    ref = await play.chat.send(T1, C1, None, CARD, OutboxId("k1"))
    trigger = play.server.space.trigger
    play.server.space.trigger = lambda: "trigger.same"  # type: ignore[method-assign]
    await asyncio.gather(*(play.server.press("U2", "C1", ref.message, "plan:i1:1") for _ in range(2)))
    play.server.space.trigger = trigger  # type: ignore[method-assign]
    await play.one(ButtonPressed)
    assert play.sink.delivered == 2


async def test_peers_07_without_messages_being_told_mention_command_and_menu_do_the_job(play: Play) -> None:
    tell = play.server.space.tell
    play.server.space.tell = lambda event: tell(event) if event["type"] != "message" else None
    ts = play.server.space.mention("U2", "C1", "what is open?")
    await play.server.command("U2", "C1", "insight list")
    await play.server.shortcut("U2", "C1", ts, "menu:why:show")
    assert (await play.one(MessagePosted)).text == "@Parley what is open?"
    assert [event.noun for event in await play.sink.kept(2, CommandInvoked)] == ["insight", "why"]


async def test_a_command_in_the_talk_with_us_is_private(play: Play) -> None:
    play.server.space.channel("D1", "", "im").other = "U1"
    await play.server.command("U1", "D1", "privacy")
    place = (await play.one(CommandInvoked)).place
    assert (place.channel, place.audience, place.shared) == ("D1", "private", "no")
