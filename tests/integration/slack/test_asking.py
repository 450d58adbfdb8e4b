"""Looking up who and where: limits are kept by all who ask, and no question holds everything up for good."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.memory.clock import FakeClock
from adapters.slack.api import Api
from adapters.slack.directory import MENTIONED_A_MINUTE, Directory
from adapters.slack.gateway import who_am_i
from adapters.slack.roster import Roster
from dialogue.errors import RateLimited
from dialogue.events import MessagePosted
from dialogue.rows import Gap
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.members import Role
from tests.integration.slack.playing import Play
from tests.integration.slack.running import chat_on, config_of
from tests.servers.slack.server import SlackServer

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
async def directory(server: SlackServer, clock: FakeClock) -> Directory:
    config = config_of(server)
    me = await who_am_i(config)
    server.calls.clear()
    return Directory(Api(config), me, clock)


def count(server: SlackServer, method: str) -> int:
    return [called for called, _ in server.calls].count(method)


async def test_after_a_limit_nobody_asks_until_it_is_over(
    directory: Directory, server: SlackServer, clock: FakeClock
) -> None:
    server.fail("users.info", "429", 30, times=1_000)
    wanting = await asyncio.gather(*(directory.person("U1") for _ in range(100)), return_exceptions=True)
    assert all(isinstance(outcome, RateLimited) for outcome in wanting)
    clock.advance(timedelta(seconds=10))
    with pytest.raises(RateLimited) as limited:
        await directory.person("U2")
    assert (limited.value.after, await directory.named(["U1", "U2"])) == (timedelta(seconds=20), {})
    assert count(server, "users.info") == 1
    assert (await directory.room("C1")).name == "help"
    server.faults.clear()
    clock.advance(timedelta(seconds=20))
    assert (await directory.person("U2")).role is Role.ADMIN


async def test_mentions_are_looked_up_so_many_a_minute_and_known_ones_always(
    directory: Directory, server: SlackServer, clock: FakeClock
) -> None:
    for number in range(100):
        server.space.person(f"UM{number}", f"Person {number}")
    for first in range(0, 100, 10):
        await directory.mentioned([f"UM{number}" for number in range(first, first + 10)])
    assert await directory.named(["U" * 9_000, "u_1"]) == {}
    assert count(server, "users.info") == MENTIONED_A_MINUTE
    assert [*await directory.mentioned(["UM99", "UM0"])] == ["UM0"]
    clock.advance(timedelta(minutes=1))
    assert [*await directory.mentioned(["UM99", "UM0"])] == ["UM99", "UM0"]


async def test_two_who_type_at_once_read_the_list_of_people_together(
    directory: Directory, server: SlackServer, clock: FakeClock
) -> None:
    for number in range(500):
        server.space.person(f"UM{number}", f"Person {number:03d}")
    roster = Roster(await who_am_i(config_of(server)), directory, clock)
    both = await asyncio.gather(roster.matching("person 499"), roster.matching("person 498"))
    assert [[choice.value for choice in found] for found in both] == [["UM499"], ["UM498"]]
    assert count(server, "users.list") == 3


HOPELESS = pytest.mark.parametrize(
    "fault", ["414", "team_access_not_granted", "accesslimited", "internal_error", "fatal_error", "503"]
)


@HOPELESS
async def test_a_person_of_whom_slack_cannot_tell_is_a_customer_and_holds_nothing_back(play: Play, fault: str) -> None:
    play.server.hopeless["U2"] = fault
    play.server.space.say("U2", "C1", "first")
    play.server.space.say("U1", "C1", "second")
    first, second = await play.sink.kept(2, MessagePosted)
    assert (first.actor.role, first.actor.groups, second.actor.name) == (Role.CUSTOMER, (), "Anna Kowalska")


@HOPELESS
async def test_a_channel_of_which_slack_cannot_tell_counts_as_shared_and_holds_nothing_back(
    play: Play, fault: str
) -> None:
    play.server.hopeless["C1"] = fault
    play.server.space.say("U1", "C1", "hello")
    place = (await play.one(MessagePosted)).place
    assert (place.audience, place.shared) == (Audience.PRIVATE, Shared.UNKNOWN)


@pytest.mark.parametrize("fault", ["internal_error", "414", "429", "407", "cut", "invalid_auth"])
async def test_while_slack_answers_nobody_what_came_waits(play: Play, fault: str) -> None:
    play.server.fail("users.info", fault, 1, times=20)
    play.server.space.say("U2", "C1", "hello")
    assert (await play.one(MessagePosted)).actor.role is Role.ADMIN


NO_IDS: list[dict[str, Any]] = [
    {"type": "message", "user": "U" * 9_000, "channel": "C1", "ts": "1700000000.000100", "text": "x"},
    {"type": "message", "user": "U1", "channel": "../C1", "ts": "1700000000.000100", "text": "x"},
    {"type": "reaction_added", "user": "a b", "item": {"type": "message", "channel": "C1", "ts": "1700000000.000100"}},
    {"type": "user_change", "user": {"id": "u1"}},
    {"type": "app_home_opened", "user": "u 1", "tab": "home"},
]


@pytest.mark.parametrize("event", NO_IDS, ids=range(len(NO_IDS)))
async def test_what_is_no_id_is_malformed_before_anything_is_asked(play: Play, event: dict[str, Any]) -> None:
    play.server.calls.clear()
    with capture_logs() as logs:
        play.server.deliveries.tell(event)
        await play.server.deliveries.settled()
    assert [log["reason"] for log in logs if log["event"] == "payload_skipped"] == ["malformed"]
    assert {"users.info", "conversations.info"}.isdisjoint(method for method, _ in play.server.calls)


async def test_what_is_no_id_in_a_history_is_left_out(server: SlackServer) -> None:
    server.space.say("U" * 9_000, "C1", "from nobody")
    server.space.say("U1", "C1", "hello")
    chat = chat_on(config_of(server), await who_am_i(config_of(server)))
    told = await chat.history(Gap(SpaceId("T1"), ChannelId("C1"), None, START), None)
    assert [event.text for event in told if isinstance(event, MessagePosted)] == ["hello"]


@pytest.mark.parametrize("typed", ["", "help"])
async def test_what_is_no_id_does_nothing_with_a_command(play: Play, typed: str) -> None:
    play.server.calls.clear()
    assert await play.server.command("U" * 9_000, "C1", typed) == {}
    assert "users.info" not in [method for method, _ in play.server.calls]
