"""Cards, schedules, gaps and totals."""

from datetime import timedelta

import pytest

from adapters.storage.database import Database
from adapters.storage.errors import UnknownSpace
from dialogue.actions import OutboxId
from dialogue.ports import UnitOfWork
from dialogue.rows import (
    Counts,
    Gap,
    OutboxState,
    PostedCard,
    Schedule,
    SentRef,
    StoredJudgement,
)
from knowledge_base.circles import Circle
from knowledge_base.ids import ChannelId, ConversationId, InsightId, PlatformMessageId, SpaceId, TeamId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    change,
    found,
    insight,
    meaning,
    message,
    new,
    posted,
    say,
    sent,
    vector,
)

LEASE = 30 * SECOND
TEAM = ChannelId("team")


def card(post: str, team: str = "t", of: str = "i") -> PostedCard:
    return PostedCard(InsightId(of), TeamId(team), OutboxId(post), GUILD, TEAM)


def at(id_: str) -> PlatformMessageId:
    return PlatformMessageId(id_)


async def send(uow: UnitOfWork, *texts: str) -> None:
    """Send what is due, each saying one of the texts, at a message id that is its own."""
    rows = await uow.outbox.claim(NOW, LEASE, len(texts))
    for row, text in zip(rows, texts, strict=True):
        await sent(uow, row.token, SentRef(TEAM, at(f"at-{row.id}")), text, NOW)


class WaitingContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            yield uow

    # ---- cards

    async def test_an_insight_has_a_card_per_team(self, uow: UnitOfWork) -> None:
        await uow.cards.add(ACME, card("p", "t"))
        await uow.cards.add(ACME, card("q", "u"))
        await uow.cards.add(ACME, card("r", "t"))
        assert await uow.cards.of_insight(ACME, InsightId("i")) == [card("r", "t"), card("q", "u")]
        assert await uow.cards.of_insight(OTHER, InsightId("i")) == []
        assert await uow.cards.of_team(ACME, TeamId("t")) == {"i"}
        assert await uow.cards.of_team(OTHER, TeamId("t")) == await uow.cards.of_team(ACME, TeamId("x")) == frozenset()

    async def test_a_sent_card_is_found_by_where_it_stands(self, uow: UnitOfWork) -> None:
        await uow.outbox.add(ACME, say(), "cause", OutboxId("p"), NOW)
        await uow.cards.add(ACME, card("p"))
        assert await uow.cards.at(ACME, TEAM, at("at-p")) is None
        await send(uow, "card")
        assert await uow.cards.at(ACME, TEAM, at("at-p")) == "i"
        assert await uow.cards.at(ACME, HELP, at("at-p")) is None
        assert await uow.cards.at(OTHER, TEAM, at("at-p")) is None

    # ---- schedules

    def schedule(self, name: str, due_in: int) -> Schedule:
        return Schedule(ACME, GUILD, name, "0 9 * * 1", "Europe/Berlin", NOW + timedelta(hours=due_in))

    async def test_what_is_due_comes_earliest_first(self, uow: UnitOfWork) -> None:
        for name, due_in in (("b", 2), ("a", 1), ("c", 3)):
            await uow.schedules.put(self.schedule(name, due_in))
        assert await uow.schedules.next_due() == NOW + timedelta(hours=1)
        assert await uow.schedules.due(NOW) == []
        assert await uow.schedules.due(NOW + timedelta(hours=2)) == [self.schedule("a", 1), self.schedule("b", 2)]
        assert await uow.schedules.due(NOW + timedelta(hours=9), limit=1) == [self.schedule("a", 1)]

    async def test_a_schedule_is_replaced_and_removed_by_name(self, uow: UnitOfWork) -> None:
        assert await uow.schedules.next_due() is None
        await uow.schedules.put(self.schedule("a", 1))
        await uow.schedules.put(self.schedule("a", 5))
        assert await uow.schedules.next_due() == NOW + timedelta(hours=5)
        await uow.schedules.remove(OTHER, "a")
        await uow.schedules.remove(ACME, "a")
        await uow.schedules.remove(ACME, "a")
        assert await uow.schedules.next_due() is None

    # ---- gaps

    async def test_the_watermark_follows_live_messages(self, uow: UnitOfWork) -> None:
        assert await uow.gaps.watermark(GUILD, HELP) is None
        await uow.gaps.advance(GUILD, HELP, at("1"))
        await uow.gaps.advance(GUILD, HELP, at("2"))
        await uow.gaps.advance(GUILD, TEAM, at("9"))
        assert await uow.gaps.watermark(GUILD, HELP) == "2"

    async def test_an_open_gap_stays_as_it_is_and_holds_the_watermark(self, uow: UnitOfWork) -> None:
        await uow.gaps.advance(GUILD, HELP, at("1"))
        gap = Gap(GUILD, HELP, at("1"), NOW)
        await uow.gaps.open(gap)
        await uow.gaps.advance(GUILD, HELP, at("5"))
        await uow.gaps.open(Gap(GUILD, HELP, at("5"), NOW + SECOND))
        await uow.gaps.open(Gap(GUILD, TEAM, None, NOW - SECOND))
        assert await uow.gaps.watermark(GUILD, HELP) == "1"
        assert await uow.gaps.all(GUILD) == [Gap(GUILD, TEAM, None, NOW - SECOND), gap]
        assert await uow.gaps.all(SpaceId("elsewhere")) == []

    async def test_a_backfill_moves_the_gap_and_the_watermark_until_it_closes(self, uow: UnitOfWork) -> None:
        await uow.gaps.open(Gap(GUILD, HELP, None, NOW))
        await uow.gaps.progress(GUILD, HELP, at("3"))
        assert await uow.gaps.all(GUILD) == [Gap(GUILD, HELP, at("3"), NOW)]
        assert await uow.gaps.watermark(GUILD, HELP) == "3"
        await uow.gaps.close(GUILD, HELP, None)
        assert await uow.gaps.all(GUILD) == []
        assert await uow.gaps.watermark(GUILD, HELP) == "3"
        await uow.gaps.open(Gap(GUILD, HELP, at("3"), NOW))
        await uow.gaps.close(GUILD, HELP, at("8"))
        assert await uow.gaps.watermark(GUILD, HELP) == "8"

    async def test_progress_without_a_gap_changes_nothing(self, uow: UnitOfWork) -> None:
        await uow.gaps.advance(GUILD, HELP, at("5"))
        await uow.gaps.progress(GUILD, HELP, at("3"))
        assert await uow.gaps.watermark(GUILD, HELP) == "5"

    async def test_a_space_without_a_community_has_no_gaps_yet(self, uow: UnitOfWork) -> None:
        with pytest.raises(UnknownSpace, match="elsewhere"):
            await uow.gaps.open(Gap(SpaceId("elsewhere"), HELP, None, NOW))

    # ---- totals

    async def test_an_empty_database_counts_nothing(self, storage: Database) -> None:
        async with storage.read() as uow:
            assert await uow.totals.counts() == Counts(0, 0, 0, 0, 0, 0)
            assert [one async for one in uow.totals.judgements()] == []

    async def test_the_latest_is_the_time_of_the_youngest_message_in_whatever_order(self, uow: UnitOfWork) -> None:
        assert await uow.totals.latest() is None
        await uow.messages.add([message("1", at=NOW), message("2", at=NOW - timedelta(days=1))])
        assert await uow.totals.latest() == NOW

    async def test_the_latest_is_when_something_came_in_or_was_handled_if_that_was_later(self, uow: UnitOfWork) -> None:
        await uow.messages.add([message("1", at=NOW)])
        await uow.inbox.insert([new(posted("2"))], NOW + timedelta(hours=1))
        assert await uow.totals.latest() == NOW + timedelta(hours=1)
        (row,) = await uow.inbox.take(1, NOW)
        await uow.inbox.done([row.seq], NOW + timedelta(hours=2))
        assert await uow.totals.latest() == NOW + timedelta(hours=2)

    async def test_counts_leave_out_what_was_merged_or_dismissed(self, uow: UnitOfWork) -> None:
        await uow.messages.add([message(str(n)) for n in range(4)])
        await uow.messages.add([message("x", conversation=ConversationId("another"))])
        await uow.messages.erase(ACME, [message("x").id])
        await uow.insights.add(insight("j"))
        await uow.insights.add(insight("gone", status=Status.DISMISSED))
        await uow.insights.add(insight("merged", status=Status.MERGED))
        for n, of in enumerate(("i", "i", "j", "gone")):
            await uow.insights.add_voice(ACME, InsightId(of), message(str(n)).id, meaning(vector(1)), Circle("public"))
        await uow.cards.add(ACME, card("p"))
        assert await uow.totals.counts() == Counts(
            messages=5, conversations=2, insights=2, merged=1, cards=1, answers=0
        )

    async def test_judgements_tell_of_every_message_over_pages(
        self, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("adapters.storage.totals._PAGE", 2)
        await uow.messages.add([message(str(n)) for n in range(5)])
        await uow.insights.add_voice(ACME, InsightId("i"), message("3").id, meaning(vector(1)), Circle("public"))
        talk = ConversationId("talk")
        assert [one async for one in uow.totals.judgements()] == [
            StoredJudgement(message(str(n)).id, Kind.PROBLEM, talk, InsightId("i") if n == 3 else None)
            for n in range(5)
        ]

    async def test_rows_that_ended_and_what_cards_say_now(self, uow: UnitOfWork) -> None:
        for name, outgoing in (("p", say()), ("q", say()), ("e", change("p")), ("open", say())):
            await uow.outbox.add(ACME, outgoing, "cause", OutboxId(name), NOW)
        await uow.insights.add(insight("j"))
        await uow.insights.add(insight("k"))
        for post, of in (("p", "i"), ("open", "j"), ("dead", "k")):
            await uow.cards.add(ACME, card(post, of=of))
        await send(uow, "card", "no card")
        await send(uow, "changed card", "text")
        await uow.outbox.add(ACME, say(), "cause", OutboxId("dead"), NOW)
        (row,) = await uow.outbox.claim(NOW, LEASE, 9)
        await uow.outbox.end(row.token, OutboxState.DEAD, "refused")
        await uow.outbox.add(ACME, say(), "cause", OutboxId("later"), NOW)
        ended = [(str(one.id), one.action) async for one in uow.totals.ended()]
        assert ended == [("p", "post"), ("q", "post"), ("e", "edit"), ("open", "post"), ("dead", "post")]
        assert sorted([text async for text in uow.totals.card_texts()]) == ["changed card", "text"]


class TestWaitingOnSqlite(OnSqlite, WaitingContract):
    pass


class TestWaitingOnPostgresql(OnPostgresql, WaitingContract):
    pass
