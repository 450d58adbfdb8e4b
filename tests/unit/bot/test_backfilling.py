"""A backfill reads what was missed at the platform's pace; what goes wrong in one channel concerns no other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from adapters.memory.chat import MemoryChat
from adapters.memory.clock import FakeClock
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from bot.backfilling import LONGEST_PAUSE, MOST_READ_AGAIN, PAUSE, Backfill
from bot.sink import Sink
from dialogue.errors import RateLimited, Rejected, StorageUnavailable
from dialogue.events import Event, MessagePosted, Place
from dialogue.rows import Gap
from knowledge_base.channels import Audience, Mode
from knowledge_base.ids import ChannelId, CommunityId, MemberId, PlatformMessageId, SpaceId
from tests.contract.storage.samples import message
from tests.stage import ANNA, MONDAY

ACME = CommunityId("acme")
GUILD, CLUB = SpaceId("guild"), SpaceId("club")
MINUTE = timedelta(minutes=1)


def place(channel: str = "help", space: SpaceId = GUILD) -> Place:
    return Place(space, ChannelId(channel), channel, Audience.PUBLIC)


def said(name: str, where: Place | None = None, **more) -> MessagePosted:
    return replace(MessagePosted(where or place(), ANNA, PlatformMessageId(name), "hello", MONDAY), **more)


class Shelf(MemoryChat):
    """Fails with the next trouble of a channel each time its history is asked for; notes what was asked."""

    def __init__(self, space: SpaceId = GUILD) -> None:
        super().__init__(space)
        self.troubles: dict[ChannelId, list[Exception | None]] = {}
        self.asked: list[tuple[ChannelId, PlatformMessageId | None]] = []

    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        self.asked.append((gap.channel, page))
        troubles = self.troubles.get(gap.channel)
        trouble = troubles.pop(0) if troubles else None
        if trouble:
            raise trouble
        return await super().history(gap, page)

    def channels_asked(self) -> list[ChannelId]:
        channels = [channel for channel, _ in self.asked]
        self.asked.clear()
        return channels


class Library:
    """Channels that were read up to a message, of which another was missed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock(MONDAY)
        self.chat = Shelf()
        self.sink = Sink(database, self.clock, CountingIds(), lambda: None)
        self.backfill = Backfill(database, self.clock, self.sink, [self.chat])

    async def read_until(self, where: Place) -> None:
        """A channel of which one message was heard, and the next one missed."""
        async with self.database.begin() as uow:
            if await uow.communities.of_space(where.space) is None:
                await uow.communities.found(CommunityId(where.space), where.space, where.space, MONDAY)
            community = await uow.communities.of_space(where.space)
            await uow.channels.see(community, where.space, where.channel, where.name, where.audience, where.shared)
            await uow.channels.choose(where.space, where.channel, mode=Mode.LISTENING)
            await uow.commit()
        heard, missed = said(f"{where.channel}1", where), said(f"{where.channel}2", where)
        self.chat.miss(heard, missed)
        await self.sink.accept([heard])

    async def captured(self) -> list[str]:
        async with self.database.read() as uow:
            return [row.event.message for row in await uow.inbox.take(999, MONDAY) if not row.event.live]

    async def gaps(self, space: SpaceId = GUILD) -> list[ChannelId]:
        async with self.database.read() as uow:
            return [gap.channel for gap in await uow.gaps.all(space)]


@pytest.fixture
async def library(database: Database) -> Library:
    library = Library(database)
    await library.read_until(place("broken"))
    await library.read_until(place("help"))
    await library.backfill.open()
    return library


@pytest.mark.parametrize("trouble", [Rejected("no"), KeyError("said"), ValueError("said"), TypeError()])
async def test_whatever_one_channels_history_raises_the_others_are_read(library: Library, trouble: Exception):
    library.chat.troubles["broken"] = [trouble] * 2
    while await library.backfill.run_once():
        pass
    assert await library.captured() == ["help2"]
    assert await library.gaps() == ["broken"]


async def test_what_a_bug_quotes_is_not_logged_but_its_type_and_place_are(library: Library):
    library.chat.troubles["broken"] = [ValueError("what somebody said")]
    with capture_logs() as logs:
        await library.backfill.run_once()
    (line,) = [line for line in logs if line["event"] == "history_unavailable"]
    assert line["reason"].startswith("ValueError at test_backfilling.py:")
    assert "somebody" not in str(logs)


async def test_a_channel_in_trouble_is_asked_after_a_pause_that_grows_though_others_go_on(library: Library):
    library.chat.troubles["broken"] = [Rejected("no")] * 3
    assert await library.backfill.run_once() == 1
    assert await library.backfill.run_once() == 1
    assert library.chat.channels_asked() == ["broken", "help", "help"]
    assert await library.backfill.pause() == PAUSE
    library.clock.advance(PAUSE)
    assert await library.backfill.run_once() == 0
    assert await library.backfill.pause() == 2 * PAUSE
    for _ in range(2):
        library.clock.advance(LONGEST_PAUSE)
        while await library.backfill.run_once():
            pass
    assert await library.gaps() == []
    assert "broken2" in await library.captured()


async def test_peers_06_a_platform_that_limits_is_left_alone_until_then_in_all_its_channels(library: Library):
    library.chat.troubles["broken"] = [RateLimited(MINUTE)]
    assert await library.backfill.run_once() == 0
    assert await library.backfill.run_once() == 0
    assert library.chat.channels_asked() == ["broken"]
    assert await library.backfill.pause() == MINUTE
    library.clock.advance(MINUTE)
    while await library.backfill.run_once():
        pass
    assert sorted(await library.captured()) == ["broken2", "help2"]


async def test_peers_06_one_page_a_minute_is_enough_to_come_to_an_end(library: Library, monkeypatch):
    monkeypatch.setattr("adapters.memory.chat.PAGE", 10)
    library.chat.miss(*(said(f"more{n}") for n in range(95)))
    limited = [error for _ in range(40) for error in (None, RateLimited(MINUTE))]
    library.chat.troubles["help"] = limited
    for _ in range(60):
        while await library.backfill.run_once():
            pass
        library.clock.advance(MINUTE)
    assert await library.gaps() == []
    assert "more94" in await library.captured()


async def test_a_database_in_trouble_is_no_trouble_of_the_platform(library: Library, monkeypatch):
    async def full(events: Sequence[Event]) -> None:
        raise StorageUnavailable("the disk is full")

    monkeypatch.setattr(library.sink, "accept", full)
    with pytest.raises(StorageUnavailable):
        await library.backfill.run_once()
    assert await library.backfill.pause() == PAUSE
    monkeypatch.undo()
    assert await library.backfill.run_once() == 2


async def test_peers_22_a_page_is_read_on_from_only_once_it_is_kept(library: Library, monkeypatch):
    async def full(events: Sequence[Event]) -> None:
        raise StorageUnavailable("the disk is full")

    monkeypatch.setattr(library.sink, "accept", full)
    with pytest.raises(StorageUnavailable):
        await library.backfill.run_once()
    async with library.database.read() as uow:
        assert [gap.after for gap in await uow.gaps.all(GUILD)] == ["broken1", "help1"]
        assert await uow.gaps.watermark(GUILD, ChannelId("broken")) == "broken1"


async def test_a_space_that_is_joined_meanwhile_is_read_too(library: Library):
    library.chat.spaces |= {CLUB}
    await library.read_until(place("bar", CLUB))
    await library.sink.interrupted(CLUB)
    while await library.backfill.run_once():
        pass
    assert "bar2" in await library.captured()
    assert await library.gaps(CLUB) == []


async def test_of_a_busy_day_the_last_messages_are_compared_and_nothing_before_is_asked_for(library: Library):
    async with library.database.begin() as uow:
        await uow.members.see(CommunityId(GUILD), GUILD, ANNA.account, "Anna", ANNA.role, MemberId("m-anna"))
        stored = [
            message(f"day{n}", at=MONDAY, community=CommunityId(GUILD), author="m-anna")
            for n in range(MOST_READ_AGAIN + 9)
        ]
        await uow.messages.add(stored)
        await uow.commit()
    library.chat.miss(*(said(f"day{n}") for n in range(MOST_READ_AGAIN + 9)))
    while await library.backfill.run_once():
        pass
    pages = [page for channel, page in library.chat.asked if channel == "help"]
    assert pages[0] == "help1"
    assert None not in pages
    assert "day9" in pages
