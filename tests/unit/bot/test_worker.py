"""A batch that fails is done one by one; a row that fails holds its lane for three tries, then it is dead."""

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace

import pytest
import structlog

from adapters.memory.clock import FakeClock
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from adapters.storage.tables import inbox
from bot.thinking import in_threads
from bot.worker import RETRY_AFTER, Worker
from dialogue.actions import Outgoing
from dialogue.events import CommandInvoked, Event, MessagePosted, Place, ReplyHandle, dedupe_key, lane_of
from dialogue.rows import NewEvent
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.states import States
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, CommunityId, PlatformMessageId
from tests.stage import ANNA, HELP, MONDAY, SPACE

ACME = CommunityId("acme")
OTHER = Place(SPACE, ChannelId("other"), "other", Audience.PUBLIC)
SECRET = "my password is hunter2"


def said(message: str, place: Place = HELP) -> MessagePosted:
    return MessagePosted(place, ANNA, PlatformMessageId(message), SECRET, MONDAY)


class Bench:
    """A worker whose handler raises for the messages in ``broken``, and notes what it was given."""

    def __init__(self, database: Database, batch: int = 16) -> None:
        self.database = database
        self.clock = FakeClock(MONDAY)
        self.states = States()
        self.broken: set[str] = set()
        self.unthinkable: set[str] = set()
        self.handled: list[str] = []
        make = lambda uow, community, space, thought: SimpleNamespace(uow=uow, now=self.clock.now())  # noqa: E731
        self.worker = Worker(
            database, self.clock, CountingIds(), self, in_threads(self.think), make, self.states, batch
        )

    def think(self, event: Event) -> None:
        if name_of(event) in self.unthinkable:
            raise ArithmeticError(SECRET)

    async def dispatch(self, event: Event, context: object) -> Sequence[Outgoing]:
        self.handled.append(name_of(event))
        self.states.put(lane_of(event), ChannelState())
        if name_of(event) in self.broken:
            raise ValueError(SECRET)
        return ()

    async def insert(self, *events: Event) -> None:
        async with self.database.begin() as uow:
            if await uow.communities.of_space(SPACE) is None:
                await uow.communities.found(ACME, SPACE, "acme", MONDAY)
            await uow.inbox.insert([NewEvent(ACME, lane_of(e), dedupe_key(e), e) for e in events], MONDAY)
            await uow.commit()

    async def rounds(self, most: int = 9) -> list[str]:
        """What was handled in rounds until nothing was left."""
        self.handled.clear()
        for _ in range(most):
            if not await self.worker.run_once():
                break
        return [*self.handled]

    async def states_of_rows(self) -> dict[str, str]:
        async with self.database.read() as uow:
            return {row.key.rsplit(":")[-1]: row.state for row in await uow._transaction.rows(inbox.select())}

    async def remembers(self, place: Place) -> bool:
        """Whether the lane's state is kept in memory."""
        loaded = []

        async def load() -> ChannelState:
            loaded.append(place)
            return ChannelState()

        await self.states.get(place.lane, load)
        return not loaded


def name_of(event: Event) -> str:
    return event.message if isinstance(event, MessagePosted) else event.id


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


async def test_after_three_tries_a_row_is_dead_and_its_lane_goes_on(bench: Bench):
    bench.broken = {"bad"}
    await bench.insert(said("bad"), said("behind"))
    assert sum(RETRY_AFTER, timedelta()) <= timedelta(seconds=30)
    first, second = RETRY_AFTER
    for pause in (first, second, None):
        assert set(await bench.rounds(1)) == {"bad"}
        if pause is not None:
            assert (await bench.states_of_rows())["bad"] == "open"
            bench.clock.advance(pause)
    assert await bench.states_of_rows() == {"bad": "dead", "behind": "open"}
    assert await bench.rounds() == ["behind"]
    async with bench.database.read() as uow:
        ((key, error),) = await uow.inbox.dead()
    assert key == "new:help:bad"
    assert error.startswith("ValueError at test_worker.py:")


async def test_a_failing_row_holds_its_lane_until_its_next_try_and_no_other(bench: Bench):
    bench.broken = {"bad"}
    await bench.insert(said("bad"), said("behind"), said("elsewhere", OTHER))
    await bench.rounds()
    assert await bench.states_of_rows() == {"bad": "open", "behind": "open", "elsewhere": "done"}
    bench.broken.clear()
    assert await bench.rounds() == []
    bench.clock.advance(RETRY_AFTER[0])
    assert await bench.rounds() == ["bad", "behind"]


async def test_a_failing_batch_is_done_one_by_one_and_nothing_of_it_is_remembered(bench: Bench):
    await bench.insert(said("0", OTHER))
    await bench.rounds()
    assert await bench.remembers(OTHER)
    bench.broken = {"bad"}
    await bench.insert(said("1", OTHER), said("bad"))
    forgotten: list[bool] = []
    decide = bench.worker._decide

    async def noting(rows, thoughts):
        if len(rows) == 1:
            forgotten.append(rows[0].lane not in bench.states._states)
        await decide(rows, thoughts)

    bench.worker._decide = noting
    assert await bench.rounds(1) == ["1", "bad", "1", "bad"]
    assert forgotten == [True, True]
    assert await bench.states_of_rows() == {"0": "done", "1": "done", "bad": "open"}
    assert not await bench.remembers(HELP)


async def test_what_cannot_be_thought_fails_where_it_is_decided(bench: Bench):
    bench.unthinkable = {"bad"}
    await bench.insert(said("bad"), said("fine", OTHER))
    await bench.rounds()
    assert await bench.states_of_rows() == {"bad": "open", "fine": "done"}


async def test_nobodys_words_are_told_with_a_failing_row(bench: Bench):
    bench.broken = {"bad"}
    await bench.insert(said("bad"))
    with structlog.testing.capture_logs() as logs:
        await bench.rounds()
    (line,) = [entry for entry in logs if entry["event"] == "row_failed"]
    assert line["error"].startswith("ValueError at ")
    assert "hunter2" not in str(line)
    async with bench.database.read() as uow:
        (row,) = await uow._transaction.rows(inbox.select())
    assert "hunter2" not in row.error


@pytest.mark.parametrize("batch", [1, 16])
async def test_a_row_that_cannot_be_read_is_dead_and_the_others_go_on(database: Database, batch: int):
    bench = Bench(database, batch)
    await bench.insert(said("bad"), said("behind"))
    async with database.begin() as uow:
        await uow._transaction.run(inbox.update().where(inbox.c.key == "new:help:bad").values(payload='{"type": 1}'))
        await uow.commit()
    with structlog.testing.capture_logs() as logs:
        assert await bench.rounds() == ["behind"]
    assert await bench.states_of_rows() == {"bad": "dead", "behind": "done"}
    assert [(entry["event"], entry["error"]) for entry in logs] == [("row_failed", "unreadable: ValidationError")]


async def test_there_may_be_more_behind_rows_that_cannot_be_read(bench: Bench):
    await bench.insert(said("bad"))
    async with bench.database.begin() as uow:
        await uow._transaction.run(inbox.update().values(payload="{}"))
        await uow.commit()
    assert await bench.worker.run_once() == 1
    assert await bench.worker.run_once() == 0


async def test_an_interaction_goes_before_other_lanes_and_after_what_waits_in_its_own(bench: Bench):
    handle = ReplyHandle("token", MONDAY)
    ask = lambda name, place: CommandInvoked(place, ANNA, name, "privacy", "erase", {}, handle, MONDAY)  # noqa: E731
    await bench.insert(said("1"), ask("first", OTHER), said("2"), ask("own", HELP))
    assert await bench.rounds() == ["first", "1", "2", "own"]


async def test_where_others_wait_to_write_a_batch_is_committed_as_far_as_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who gave a command must not wait for sixty messages: nothing is lost or done twice by that."""
    bench = Bench(database)
    await bench.insert(*[said(str(number)) for number in range(5)])
    monkeypatch.setattr("bot.worker.PATIENCE", 0.0)
    monkeypatch.setattr(Database, "wanted", property(lambda _: len(bench.handled) < 3))
    begun = Database.begin
    monkeypatch.setattr(Database, "begin", lambda self, **how: turns.append(len(bench.handled)) or begun(self, **how))
    turns: list[int] = []
    assert await bench.rounds() == ["0", "1", "2", "3", "4"]
    assert turns == [0, 1, 2]
    assert set((await bench.states_of_rows()).values()) == {"done"}


async def test_what_was_committed_before_a_row_failed_is_not_done_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(database)
    await bench.insert(said("0"), said("1", OTHER), said("2"))
    bench.broken = {"1"}
    monkeypatch.setattr("bot.worker.PATIENCE", 0.0)
    monkeypatch.setattr(Database, "wanted", property(lambda _: True))
    await bench.worker.run_once()
    assert bench.handled == ["0", "1", "1", "2"]
    assert await bench.states_of_rows() == {"0": "done", "1": "open", "2": "done"}
