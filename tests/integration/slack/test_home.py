"""The app's home is made when it is opened, and holds nothing up."""

import asyncio

import pytest
from structlog.testing import capture_logs

from dialogue.errors import StorageUnavailable
from dialogue.events import MessagePosted
from dialogue.posts import Heading, Paragraph, Post
from knowledge_base.members import Role
from tests.integration.slack.playing import Play, playing
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import texts


def home(play: Play, user: str) -> list[str]:
    return texts(play.server.space.homes[user]["blocks"])


async def test_who_opens_the_app_sees_their_own_page(play: Play) -> None:
    play.told.page = Post((Heading("What you told us"), Paragraph("<!channel> nothing")))
    play.server.open_home("U2")
    await play.server.until(lambda: "U2" in play.server.space.homes)
    assert home(play, "U2") == ["What you told us", "<!channel> nothing"]
    assert play.server.space.homes["U2"]["type"] == "home"
    ((actor, _),) = play.told.asked
    assert (actor.account, actor.role, actor.groups) == ("U2", Role.ADMIN, ("U2",))


async def test_a_page_that_is_refused_says_why(play: Play) -> None:
    play.told.refusal = "That took too long."
    play.server.open_home("U1")
    await play.server.until(lambda: "U1" in play.server.space.homes)
    assert home(play, "U1") == ["That took too long."]


async def test_a_long_page_is_cut_to_what_slack_takes(play: Play) -> None:
    play.told.page = Post(tuple(Paragraph(f"line {number}") for number in range(150)))
    play.server.open_home("U1")
    await play.server.until(lambda: "U1" in play.server.space.homes)
    assert len(play.server.space.homes["U1"]["blocks"]) == 100


async def test_opening_the_messages_makes_no_page(play: Play) -> None:
    play.server.open_home("U1", "messages")
    play.server.open_home("U2")
    await play.server.until(lambda: "U2" in play.server.space.homes)
    assert "U1" not in play.server.space.homes


async def test_a_page_that_takes_for_ever_holds_nothing_up_and_ends_with_the_program(server: SlackServer) -> None:
    async with playing(server) as play:
        play.told.silent = True
        for _ in range(3):
            server.open_home("U1")
        server.space.say("U1", "C1", "hello")
        assert (await play.one(MessagePosted)).text == "hello"
    assert len(play.told.asked) == 1


@pytest.mark.parametrize("trouble", [StorageUnavailable("the disk is full"), ZeroDivisionError("secret words")])
async def test_a_page_that_fails_is_logged_by_kind_and_made_again_the_next_time(play: Play, trouble: Exception) -> None:
    play.told.trouble = trouble
    with capture_logs() as logs:
        play.server.open_home("U1")
        async with asyncio.timeout(30):
            await play.told.troubled.wait()
        play.told.trouble = None
        play.server.open_home("U2")
        await play.server.until(lambda: "U2" in play.server.space.homes)
        play.server.open_home("U1")
        await play.server.until(lambda: "U1" in play.server.space.homes)
    reasons = [log["reason"] for log in logs if log["event"] in ("home_failed", "home_not_shown")]
    assert [reason.split(" at ")[0] for reason in reasons] == [type(trouble).__name__]
    assert "secret words" not in str(logs)
