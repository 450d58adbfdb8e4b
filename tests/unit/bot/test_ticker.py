"""What falls due becomes one event an occasion, also after downtime; old keys are forgotten."""

from datetime import timedelta

import pytest

from adapters.memory.clock import FakeClock
from adapters.storage.database import Database
from adapters.storage.tables import inbox
from bot.ticker import FORGET_EVERY, KEEP_KEYS, Ticker
from dialogue.events import MessageDeleted, TimerFired, dedupe_key, lane_of
from dialogue.rows import NewEvent, Schedule
from knowledge_base.ids import CommunityId, PlatformMessageId
from tests.stage import HELP, MONDAY, SPACE

ACME = CommunityId("acme")
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@pytest.fixture
async def clock(database: Database) -> FakeClock:
    """A community whose digest is due right now."""
    async with database.begin() as uow:
        await uow.communities.found(ACME, SPACE, "acme", MONDAY)
        await uow.schedules.put(Schedule(ACME, SPACE, "digest:t", "0 10 * * mon", "UTC", MONDAY))
        await uow.commit()
    return FakeClock(MONDAY)


async def fired(database: Database) -> list[TimerFired]:
    async with database.read() as uow:
        return [row.event for row in await uow.inbox.take(100, MONDAY)]


async def keys(database: Database) -> set[str]:
    async with database.read() as uow:
        return {row.key for row in await uow._transaction.rows(inbox.select())}


async def test_one_window_fires_once_however_many_tickers_look(database: Database, clock: FakeClock):
    for _ in range(2):
        assert await Ticker(database, clock, DAY).run_once() in (0, 1)
    async with database.begin() as uow:  # as if another ticker had not seen that it fired
        await uow.schedules.put(Schedule(ACME, SPACE, "digest:t", "0 10 * * mon", "UTC", MONDAY))
        await uow.commit()
    await Ticker(database, clock, DAY).run_once()
    assert [event.window for event in await fired(database)] == [MONDAY.isoformat()]


@pytest.mark.usefixtures("clock")
async def test_nothing_fires_before_its_time(database: Database):
    ticker = Ticker(database, FakeClock(MONDAY - timedelta(seconds=1)), DAY)
    assert await ticker.run_once() == 0
    assert await ticker.pause() == timedelta(seconds=1)
    assert await fired(database) == []


async def test_peers_23_after_weeks_of_downtime_a_schedule_fires_once_and_then_at_its_next_time(
    database: Database, clock: FakeClock
):
    clock.advance(3 * WEEK + timedelta(hours=1))
    ticker = Ticker(database, clock, DAY)
    assert await ticker.run_once() == 1
    assert await ticker.run_once() == 0
    assert len(await fired(database)) == 1
    async with database.read() as uow:
        assert await uow.schedules.next_due() == MONDAY + 4 * WEEK


async def test_done_keys_are_forgotten_after_thirty_days_and_not_before(database: Database, clock: FakeClock):
    ticker = Ticker(database, clock, DAY)
    event = MessageDeleted(HELP, PlatformMessageId("m1"), MONDAY)
    async with database.begin() as uow:
        await uow.schedules.remove(ACME, "digest:t")
        await uow.inbox.insert([NewEvent(ACME, lane_of(event), dedupe_key(event), event)], MONDAY)
        await uow.inbox.done([row.seq for row in await uow.inbox.take(9, MONDAY)], MONDAY)
        await uow.commit()
    assert timedelta(days=30) == KEEP_KEYS
    clock.advance(KEEP_KEYS)
    await ticker.run_once()
    assert await keys(database) == {"del:help:m1"}
    clock.advance(FORGET_EVERY)
    await ticker.run_once()
    assert await keys(database) == set()
