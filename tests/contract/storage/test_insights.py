"""Insights keep every voice, count each member once, and find what says the same."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.channels import Audience, Origin, Shared
from knowledge_base.circles import circle_of, readers_in
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.ids import AccountId, CommunityId, InsightId, MemberId, MessageId
from knowledge_base.insights import Status, StatusChange, Voice
from knowledge_base.kinds import Kind
from knowledge_base.members import Consent, Role
from knowledge_base.suggestions import Suggestion
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    TINY,
    found,
    insight,
    meaning,
    message,
    vector,
)

MODEL = TINY
PUBLIC = circle_of(GUILD, HELP, Audience.PUBLIC, Shared.NO)
READERS = readers_in(PUBLIC)


async def voice(uow: UnitOfWork, of: str, key: str, *numbers: float, author: str = "m-anna", **rest) -> MessageId:
    said = message(key, author=author, **rest)
    await uow.messages.add([said])
    await uow.insights.add_voice(ACME, InsightId(of), said.id, meaning(vector(*(numbers or (1,)))), PUBLIC)
    return said.id


def statements(engine: AsyncEngine) -> list[str]:
    """What an engine executes from now on."""
    executed: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda _, __, sql, *___: executed.append(sql))
    return executed


async def told(uow: UnitOfWork, name: InsightId, community: CommunityId = ACME) -> tuple[object, ...]:
    """All that a card shows of an insight."""
    return (
        await uow.insights.get(community, name),
        await uow.insights.voices(community, name),
        await uow.insights.history(community, name),
        await uow.suggestions.of(community, name),
    )


class InsightsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            yield uow

    async def get(self, uow: UnitOfWork, name: str = "i"):
        return await uow.insights.get(ACME, InsightId(name))

    async def test_insights_are_numbered_as_they_come(self, uow: UnitOfWork) -> None:
        given = {"owner": MemberId("m-ben"), "due_on": date(2026, 4, 30), "link": "https://tracker.example/7"}
        first = await uow.insights.add(insight("i", tags=("bug", 'a "b"'), reason="because", **given))
        second = await uow.insights.add(insight("j", demand=7))
        assert (first.number, second.number, second.demand) == (1, 2, 0)
        assert await self.get(uow) == first
        assert await uow.insights.by_number(ACME, 2) == second
        assert await uow.insights.by_number(ACME, 3) is None
        assert await uow.insights.get(OTHER, InsightId("i")) is None

    async def test_demand_and_times_follow_the_voices(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        await voice(uow, "i", "1", at=NOW + 5 * SECOND)
        again = await voice(uow, "i", "2", at=NOW + 9 * SECOND)
        await voice(uow, "i", "3", author="m-ben", at=NOW + 7 * SECOND)
        kept = await self.get(uow)
        await uow.messages.add([message("4", at=NOW + 8 * SECOND)])
        assert await uow.insights.add_voice(ACME, kept.id, message("4").id, meaning(vector(1)), PUBLIC) == kept
        await uow.insights.remove_voices(ACME, [message("4").id])
        assert (kept.demand, kept.first_at, kept.last_at) == (2, NOW + 5 * SECOND, NOW + 9 * SECOND)
        await uow.insights.remove_voices(ACME, [again])
        kept = await self.get(uow)
        assert (kept.demand, kept.first_at, kept.last_at) == (2, NOW + 5 * SECOND, NOW + 7 * SECOND)

    async def test_an_insight_and_its_first_voice_are_as_if_written_one_by_one(self, uow: UnitOfWork) -> None:
        begun = await uow.insights.add(insight("i", first_at=NOW - SECOND, last_at=NOW - SECOND))
        await uow.messages.add([message("1", at=NOW + SECOND)])
        voiced = await uow.insights.add_voice(ACME, begun.id, message("1").id, meaning(vector(1)), PUBLIC)
        assert voiced == replace(begun, demand=1, first_at=NOW + SECOND, last_at=NOW + SECOND)
        assert await self.get(uow) == voiced
        await voice(uow, "i", "2", author="m-ben", at=NOW + 2 * SECOND)
        assert await self.get(uow) == replace(voiced, demand=2, last_at=NOW + 2 * SECOND)

    async def test_a_message_that_changes_before_it_is_written_is_as_it_was_said_last(self, uow: UnitOfWork) -> None:
        await uow.messages.add([message("1", reasons=("at first",))])
        await uow.messages.replace(message("1", reasons=("at last",)))
        kept = await uow.messages.get(ACME, message("1").id)
        assert (kept.reasons, len(await uow.messages.recent(ACME, GUILD, HELP, 9))) == (("at last",), 1)

    async def test_what_is_read_ahead_is_what_is_found_one_by_one(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            for name in "ij":
                await uow.insights.add(insight(name))
                await voice(uow, name, f"{name}1", at=NOW + SECOND)
                await voice(uow, name, f"{name}2", author="m-ben", at=NOW)
            await uow.insights.record(StatusChange(InsightId("i"), Status.PLANNED, MemberId("m-ben"), NOW), ACME)
            await uow.suggestions.add(Suggestion(ACME, InsightId("j"), InsightId("i"), 0.8, NOW))
            await uow.commit()
        these = [InsightId(name) for name in ("i", "j", "none")]
        async with storage.begin() as uow:  # one that writes asks each time
            alone = [await told(uow, one) for one in these]
        async with storage.read() as uow:
            await uow.insights.read_ahead(ACME, these)
            assert await uow.suggestions.read_ahead(ACME, these) == [InsightId("i")]
            asked = statements(storage._readers)
            assert ([await told(uow, one) for one in these], asked) == (alone, [])
            assert [await told(uow, one, OTHER) for one in these] == [(None, [], [], [])] * 3

    async def test_a_voice_is_found_as_soon_as_it_is_added_also_where_others_were_looked_for_before(
        self, uow: UnitOfWork
    ) -> None:
        assert await uow.insights.nearest(ACME, MODEL, vector(1), READERS) == []
        for key in "123":
            await uow.insights.add(insight(key))
            said = await voice(uow, key, key, 1, int(key))
            near = await uow.insights.nearest(ACME, MODEL, vector(1, int(key)), READERS)
            assert (near[0].message, near[0].insight, len(near)) == (said, key, int(key))

    async def test_many_new_insights_are_written_by_as_many_statements_as_few(self, storage: Database) -> None:
        await found(storage)
        async with storage.read() as uow:
            await uow.teams.routes(ACME)  # known from now on
        written = statements(storage._writers)
        counts = []
        for names in ("abc", "defghijk"):
            async with storage.begin() as uow:
                for name in names:
                    await uow.insights.add(insight(name))
                    await voice(uow, name, name)
                    await uow.cards.of_insight(ACME, InsightId(name))
                    await uow.communities.policy(ACME)
                    await uow.teams.routes(ACME)
                    await uow.messages.replace(message(name, reasons=("new",)))
                await uow.commit()
            counts.append(len(written))
            written.clear()
        assert counts[0] == counts[1]

    async def test_replacing_changes_what_people_set_and_nothing_that_is_derived(self, uow: UnitOfWork) -> None:
        added = await uow.insights.add(insight("i"))
        await voice(uow, "i", "1")
        wanted = replace(added, status=Status.PLANNED, title="tags are lost", tags=("bug",), kind=Kind.REQUEST)
        await uow.insights.replace(replace(wanted, demand=99, first_at=NOW - SECOND, last_at=NOW + SECOND))
        assert await self.get(uow) == replace(wanted, demand=1)

    async def test_open_leaves_out_what_is_finished_and_sorts_by_demand_then_latest(self, uow: UnitOfWork) -> None:
        for name, status in (("a", "new"), ("b", "planned"), ("c", "shipped"), ("d", "dismissed"), ("e", "new")):
            await uow.insights.add(insight(name, status=Status(status)))
        await voice(uow, "a", "1", at=NOW)
        await voice(uow, "b", "2", at=NOW + SECOND)
        await voice(uow, "e", "3", at=NOW)
        await voice(uow, "e", "4", author="m-ben", at=NOW)
        assert [i.id for i in await uow.insights.open(ACME)] == ["e", "b", "a"]
        assert [i.id for i in await uow.insights.open(ACME, limit=1)] == ["e"]
        assert [i.id for i in await uow.insights.open(ACME, since=NOW + SECOND)] == ["b"]
        assert await uow.insights.open(OTHER) == []

    async def test_a_message_leads_to_the_insight_it_voices(self, uow: UnitOfWork) -> None:
        added = await uow.insights.add(insight("i"))
        said = await voice(uow, "i", "1")
        assert await uow.insights.of_message(ACME, said) == replace(added, demand=1)
        await uow.insights.remove_voices(ACME, [said])
        await uow.insights.remove_voices(ACME, [said])
        assert await uow.insights.of_message(ACME, said) is None
        assert (await self.get(uow)).demand == 0

    async def test_voices_speak_as_their_authors_and_channels_are_now(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        facets = Facets(Tone.NEGATIVE, Urgency.SOON, ("Globex",), "export")
        late = await voice(uow, "i", "1", at=NOW + SECOND)
        links = {"link": "https://example.com/2", "author_name": "ben_old"}
        facts = {"thread": MessageId("guild/help/0"), "language": "de", "facets": facets, "role": Role.TRUSTED}
        early = await voice(uow, "i", "2", author="m-ben", at=NOW, **links, **facts)
        await uow.members.see(ACME, GUILD, AccountId("ben"), "Benjamin", Role.CUSTOMER, MemberId("x"))
        await uow.members.consent(ACME, MemberId("m-ben"), Consent(share_private=True, changed_at=NOW))
        await uow.channels.choose(GUILD, HELP, audience=Audience.MEMBERS)
        origin = Origin(ACME, GUILD, HELP, Audience.MEMBERS, Shared.NO)
        said = "it drops my tags"
        assert await uow.insights.voices(ACME, InsightId("i")) == [
            Voice(
                InsightId("i"),
                early,
                MemberId("m-ben"),
                "Benjamin",
                said,
                NOW,
                origin,
                "https://example.com/2",
                shares_private=True,
                **facts,
            ),
            Voice(InsightId("i"), late, MemberId("m-anna"), "Anna", said, NOW + SECOND, origin, language="en"),
        ]

    async def test_words_from_a_channel_nobody_described_count_as_private(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        await voice(uow, "i", "1", channel="unseen")
        (only,) = await uow.insights.voices(ACME, InsightId("i"))
        assert (only.origin.audience, only.origin.shared) == (Audience.PRIVATE, Shared.UNKNOWN)

    async def test_the_history_tells_every_change_in_order(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        changes = [
            StatusChange(InsightId("i"), Status.PLANNED, MemberId("m-ben"), NOW, "soon"),
            StatusChange(InsightId("i"), Status.SHIPPED, MemberId("m-ben"), NOW),
            StatusChange(
                InsightId("i"),
                Status.PLANNED,
                MemberId("m-ben"),
                NOW,
                owner=MemberId("m-anna"),
                due_on=date(2026, 4, 30),
                link="https://tracker.example/7",
                undoes=2,
            ),
        ]
        for change in changes:
            await uow.insights.record(change, ACME)
        assert await uow.insights.history(ACME, InsightId("i")) == changes
        assert await uow.insights.history(OTHER, InsightId("i")) == []

    async def test_an_erased_insight_has_no_title_and_is_dismissed(self, uow: UnitOfWork) -> None:
        added = await uow.insights.add(insight("i"))
        await uow.insights.erase(ACME, InsightId("i"))
        assert await self.get(uow) == replace(added, title="", status=Status.DISMISSED)

    # ---- nearest

    async def nearest(self, uow: UnitOfWork, *numbers: float, limit: int = 20, model: str = MODEL) -> list[str]:
        found_ = await uow.insights.nearest(ACME, model, vector(*numbers), READERS, limit)
        return [c.message.split("/")[2] for c in found_]

    async def test_nearest_gives_what_is_similar_by_cosine_with_its_insight(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i", Kind.REQUEST))
        await voice(uow, "i", "far", 0, 0, 1)
        await voice(uow, "i", "near", 1, 0.3)
        await voice(uow, "i", "same", 1, 0)
        assert await self.nearest(uow, 1, 0) == ["same", "near"]
        same, near = await uow.insights.nearest(ACME, MODEL, vector(1, 0), READERS)
        assert (same.insight, same.kind, same.message) == ("i", Kind.REQUEST, message("same").id)
        assert same.cosine == pytest.approx(1)
        assert near.cosine == pytest.approx(float(vector(1, 0.3)[0]))

    async def test_what_is_less_near_than_asked_for_is_not_given(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        for name, *numbers in (("same", 1, 0), ("near", 1, 0.3), ("nearer", 1, 0.2)):
            await voice(uow, "i", name, *numbers)
        cosine = float(vector(1, 0.3)[0])

        async def near(least: float, limit: int = 20) -> list[str]:
            found_ = await uow.insights.nearest(ACME, MODEL, vector(1, 0), READERS, limit, least=least)
            return [c.message.split("/")[2] for c in found_]

        assert await near(cosine - 0.001) == ["same", "nearer", "near"]
        assert await near(cosine - 0.001, limit=2) == ["same", "nearer"]
        assert await near(cosine + 0.001) == ["same", "nearer"]
        assert await near(1.1) == []

    async def test_nearest_keeps_to_one_model_and_one_community(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        await voice(uow, "i", "1")
        assert await self.nearest(uow, 1, model="other") == []
        assert await uow.insights.nearest(OTHER, MODEL, vector(1), READERS) == []

    async def test_equally_near_voices_come_in_the_order_they_were_added(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        for name in "cab":
            await voice(uow, "i", name)
        assert await self.nearest(uow, 1) == ["c", "a", "b"]
        assert await self.nearest(uow, 1, limit=2) == ["c", "a"]

    async def test_removed_voices_do_not_hide_those_behind_them(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        gone = [await voice(uow, "i", f"gone{n}") for n in range(10)]
        await voice(uow, "i", "stays")
        assert len(await self.nearest(uow, 1)) == 11
        for said in gone:
            await uow.insights.remove_voices(ACME, [said])
        assert await self.nearest(uow, 1, limit=2) == ["stays"]

    async def test_what_was_rolled_back_is_not_found_and_its_number_is_used_again(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            await voice(uow, "i", "kept")
            await uow.commit()
        async with storage.begin() as uow:
            await voice(uow, "i", "lost")
            assert await self.nearest(uow, 1) == ["kept", "lost"]
        async with storage.begin() as uow:
            await voice(uow, "i", "opposite", -1)
            assert await self.nearest(uow, 1) == ["kept"]
            assert await self.nearest(uow, -1) == ["opposite"]
            await uow.commit()
        async with storage.read() as uow:
            assert await self.nearest(uow, 1) == ["kept"]
            assert await self.nearest(uow, -1) == ["opposite"]

    async def test_a_reader_beside_a_writer_finds_only_what_is_committed(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            await voice(uow, "i", "kept")
            await uow.commit()
        async with storage.begin() as writer:
            await voice(writer, "i", "new")
            assert await self.nearest(writer, 1) == ["kept", "new"]
            async with storage.read() as reader:
                assert await self.nearest(reader, 1) == ["kept"]
            await writer.commit()
        async with storage.read() as reader:
            assert await self.nearest(reader, 1) == ["kept", "new"]

    async def test_voices_of_an_earlier_run_are_found(self, storage: Database, url: str) -> None:
        from tests.conftest import ReversingSealer

        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            await voice(uow, "i", "1", 3, 4)
            await uow.commit()
        await storage.close()
        again = await Database.open(url, ReversingSealer())
        async with again.read() as uow:
            (only,) = await uow.insights.nearest(ACME, MODEL, vector(3, 4), READERS)
            assert only.cosine == pytest.approx(1)
        await again.close()

    async def test_a_voice_is_found_by_each_of_its_vectors_and_compared_within_one_model(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        await uow.messages.add([message("both"), message("one")])
        two = meaning(vector(1, 0), vector(0, 1, size=24), models=(MODEL, "wide"))
        await uow.insights.add_voice(ACME, InsightId("i"), message("both").id, two, PUBLIC)
        await uow.insights.add_voice(
            ACME, InsightId("i"), message("one").id, meaning(vector(0, 1, size=24), models=("wide",)), PUBLIC
        )
        assert await self.nearest(uow, 1, 0) == ["both"]
        wide = await uow.insights.nearest(ACME, "wide", vector(0, 1, size=24), READERS)
        assert [(c.message, c.cosine) for c in wide] == [(message("both").id, 1), (message("one").id, 1)]
        await uow.insights.remove_voices(ACME, [message("both").id])
        assert await self.nearest(uow, 1, 0) == []
        assert [c.message for c in await uow.insights.nearest(ACME, "wide", vector(0, 1, size=24), READERS)] == [
            message("one").id
        ]

    async def test_many_real_sized_vectors_come_back_exactly(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("i"))
        random = np.random.default_rng(1)
        made = [vector(*random.normal(size=384), size=384) for _ in range(40)]
        await uow.messages.add([message(str(n)) for n in range(40)])
        for n, one in enumerate(made):
            await uow.insights.add_voice(ACME, InsightId("i"), message(str(n)).id, meaning(one), PUBLIC)
        for n, one in enumerate(made):
            best = (await uow.insights.nearest(ACME, MODEL, one, READERS))[0]
            assert (best.message, best.cosine) == (message(str(n)).id, float(np.dot(one, one)))


class TestInsightsOnSqlite(OnSqlite, InsightsContract):
    pass


class TestInsightsOnPostgresql(OnPostgresql, InsightsContract):
    pass
