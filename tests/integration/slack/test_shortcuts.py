"""Entries of a message's menu, and shortcuts that stand everywhere."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.slack.manifest import manifest
from bot.sending import perform
from dialogue.actions import OutboxId, Outgoing, Reply, Said
from dialogue.commands.catalogue import COMMANDS
from dialogue.events import CommandInvoked, FormSubmitted
from dialogue.posts import plain
from dialogue.rows import OutboxRow
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import AccountId, CommunityId, SpaceId
from tests.integration.slack.playing import Play, playing
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import Payload

T1 = SpaceId("T1")


@pytest.fixture(params=["socket", "http"])
async def play(request: pytest.FixtureRequest, server: SlackServer) -> AsyncIterator[Play]:
    async with playing(server, request.param) as play:
        yield play


def shortcuts(kind: str) -> list[Payload]:
    features = manifest(COMMANDS, Texts.load(), None)["features"]
    assert isinstance(features, dict)
    return [one for one in features["shortcuts"] if one["type"] == kind]


def row_of(action: Reply) -> OutboxRow:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return OutboxRow(OutboxId("k1"), CommunityId("c"), Outgoing(action), "", made, 0, "", None, None)


def last_view(play: Play) -> Payload:
    return list(play.server.space.views.values())[-1]


async def test_a_messages_menu_opens_the_form_about_that_message(play: Play) -> None:
    ts = play.server.space.say("U1", "C1", "the export drops my tags")
    await play.server.shortcut("U2", "C1", ts, "menu:tag:add")
    view = last_view(play)
    await play.server.submit("U2", view, {"reason": "export"})
    sent = await play.one(FormSubmitted)
    assert sent.custom_id == f"tag:T1/C1/{ts}:"
    assert (sent.place.channel, sent.values) == ("C1", {"reason": "export"})


async def test_a_form_that_may_not_be_opened_from_a_menu_is_refused_in_words(play: Play) -> None:
    ts = play.server.space.say("U1", "C1", "the export drops my tags")
    play.told.refusal = "Only staff can do that."
    await play.server.shortcut("U1", "C1", ts, "menu:tag:add")
    assert play.server.answers("U1")[-1]["text"] == "Only staff can do that."
    assert play.server.space.views == {}


async def test_who_said_this_too_is_asked_from_a_messages_menu(play: Play) -> None:
    ts = play.server.space.say("U1", "C1", "the export drops my tags")
    (entry,) = [one for one in shortcuts("message") if one["name"] == "Who said this too?"]
    await play.server.shortcut("U2", "C1", ts, entry["callback_id"])
    invoked = await play.one(CommandInvoked)
    assert (invoked.noun, invoked.verb, invoked.message) == ("insight", "voices", ts)


async def test_a_shortcut_is_a_command_in_the_talk_with_us_and_answered_there(play: Play) -> None:
    for entry in shortcuts("global"):
        assert await play.server.call("U1", entry["callback_id"]) is not None
    invoked = await play.sink.kept(4, CommandInvoked)
    assert {(event.noun, event.verb) for event in invoked} == {
        ("help", "show"),
        ("privacy", "show"),
        ("insight", "list"),
        ("answer", "list"),
    }
    (talk,) = [channel.id for channel in play.server.space.channels.values() if channel.other == "U1"]
    for event in invoked:
        assert (event.place.channel, event.place.direct, event.place.audience) == (talk, True, "private")
        assert event.handle.expires_at < event.at
    row = row_of(Reply(T1, invoked[0].place.channel, AccountId("U1"), invoked[0].handle, Said(plain("what I am"))))
    await perform(play.chat, row, plain("what I am"), invoked[0].at)
    assert [m["text"] for m in play.server.space.channels[talk].messages.values()] == ["what I am"]


async def test_a_shortcut_with_options_asks_for_them_who_may_use_it(play: Play) -> None:
    play.told.staff = {"U1"}
    await play.server.call("U1", "insight show")
    await play.server.submit("U1", last_view(play), {"insight": "12"})
    invoked = await play.one(CommandInvoked)
    assert (invoked.verb, invoked.options, invoked.place.direct) == ("show", {"insight": "12"}, True)
    play.server.space.views.clear()
    play.server.space.person("U3", "Cora")
    await play.server.call("U3", "insight show")
    assert (await play.sink.kept(2, CommandInvoked))[1].options == {}
    assert play.server.space.views == {}


@pytest.mark.parametrize("trouble", ["silence", "500"])
async def test_a_shortcut_that_cannot_be_answered_is_refused_in_the_talk(server: SlackServer, trouble: str) -> None:
    async with playing(server, deadline=0.2) as play:
        play.told.staff = {"U1"}
        await server.call("U1", "help show")
        server.fail("views.open", trouble)
        assert await server.call("U1", "insight show") == {}
        (talk,) = [channel for channel in server.space.channels.values() if channel.other == "U1"]
        assert ["try again" in message["text"] for message in talk.messages.values()] == [True]


async def test_a_refusal_that_cannot_be_said_either_stops_nothing(play: Play) -> None:
    play.told.staff = {"U1"}
    await play.server.call("U1", "help show")
    for method in ("views.open", "chat.postMessage"):
        play.server.fail(method, "500")
    assert await play.server.call("U1", "insight show") == {}


@pytest.mark.parametrize("callback", ["", "dance now", "tag", "menu:tag:add"])
async def test_a_shortcut_we_do_not_have_does_nothing(play: Play, callback: str) -> None:
    assert await play.server.call("U2", callback) is not None
    assert not await play.sink.kept(0, CommandInvoked)


async def test_a_shortcut_of_somebody_who_cannot_be_written_to_does_nothing(play: Play) -> None:
    play.server.fail("conversations.open", "cannot_dm_bot")
    assert await play.server.call("U1", "help show") is not None
    assert not await play.sink.kept(0, CommandInvoked)


async def test_a_menu_entry_we_do_not_have_does_nothing(play: Play) -> None:
    ts = play.server.space.say("U1", "C1", "hello")
    assert await play.server.shortcut("U2", "C1", ts, "menu:dance:now") is not None
    assert not await play.sink.kept(0, CommandInvoked)
