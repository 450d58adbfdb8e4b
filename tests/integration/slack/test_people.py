"""Many people who are unknown yet cost few calls: Slack lets each be asked for a hundred times a minute."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from adapters.memory.clock import FakeClock
from adapters.slack.api import Api
from adapters.slack.directory import MANY, Directory
from adapters.slack.gateway import who_am_i
from adapters.slack.roster import Roster
from dialogue.events import MessagePosted
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.members import Role
from tests.integration.slack.running import chat_on, config_of
from tests.servers.slack.server import SlackServer


@pytest.fixture
async def directory(server: SlackServer) -> Directory:
    for number in range(500):
        server.space.person(f"UM{number}", f"Person {number:03d}", is_admin=number == 300)
    config = config_of(server)
    me = await who_am_i(config)
    server.calls.clear()
    return Directory(Api(config), me, FakeClock(datetime(2026, 1, 1, tzinfo=UTC)))


def count(server: SlackServer, method: str) -> int:
    return [called for called, _ in server.calls].count(method)


async def roles(directory: Directory, users: Sequence[str]) -> dict[str, Role]:
    people = await asyncio.gather(*(directory.person(user) for user in users))
    assert not [person for person, user in zip(people, users, strict=True) if person.name == user]
    return {user: person.role for user, person in zip(users, people, strict=True)}


async def test_five_hundred_who_speak_at_once_are_looked_for_in_the_list_of_all(
    directory: Directory, server: SlackServer
) -> None:
    known = await roles(directory, [f"UM{number}" for number in range(500)])
    assert [user for user, role in known.items() if role is Role.ADMIN] == ["UM300"]
    assert (count(server, "users.info"), count(server, "users.list")) == (MANY, 3)


async def test_a_few_are_asked_for_one_by_one(directory: Directory, server: SlackServer) -> None:
    await roles(directory, [f"UM{number}" for number in range(MANY)])
    assert (count(server, "users.info"), count(server, "users.list")) == (MANY, 0)


async def test_who_stands_on_no_page_that_could_be_read_is_asked_for_alone(
    directory: Directory, server: SlackServer
) -> None:
    server.fail("users.list", "")
    server.fail("users.list", "429", 30)
    await roles(directory, [f"UM{number}" for number in range(250)])
    on_the_first_page = 200 - len(("the app", "U1", "U2"))
    asked = MANY + 250 - on_the_first_page
    assert (count(server, "users.info"), count(server, "users.list")) == (asked, 2)


async def test_whom_a_menu_listed_is_known(server: SlackServer, directory: Directory) -> None:
    config = config_of(server)
    roster = Roster(await who_am_i(config), directory, FakeClock(datetime(2026, 1, 1, tzinfo=UTC)))
    await roster.matching("person")
    server.calls.clear()
    await roles(directory, [f"UM{number}" for number in range(500)])
    assert count(server, "users.info") == 0


async def test_what_a_list_says_does_not_take_the_place_of_what_was_told_since(
    directory: Directory, server: SlackServer
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    await directory.told(server.space.users["UM300"] | {"is_admin": False}, now)
    await directory.listed("200")
    assert (await directory.person("UM300")).role is Role.CUSTOMER


async def test_a_history_of_many_speakers_asks_for_none_of_them_alone(
    directory: Directory, server: SlackServer
) -> None:
    for number in range(80):
        server.space.say(f"UM{number}", "C1", "hello")
    config = config_of(server)
    chat = chat_on(config, await who_am_i(config))
    server.calls.clear()
    gap = Gap(SpaceId("T1"), ChannelId("C1"), None, datetime(2026, 1, 1, tzinfo=UTC))
    said = [event for event in await chat.history(gap, None) if isinstance(event, MessagePosted)]
    assert {event.actor.name for event in said} == {f"Person {number:03d}" for number in range(80)}
    assert (count(server, "users.info"), count(server, "users.list")) == (0, 3)
