"""How long what was said is kept, the terms in versions, and everything that is held of one person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from adapters.storage.tables import schedules
from dialogue.ports import UnitOfWork
from dialogue.rows import Schedule
from knowledge_base.answers import AnswerState, Part
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of
from knowledge_base.ids import ChannelId, InsightId, MemberId, MessageId, NoteId
from knowledge_base.insights import Status, StatusChange
from knowledge_base.messages import Message
from knowledge_base.notes import Note
from knowledge_base.terms import in_force
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    ELSEWHERE,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    beside_another,
    insight,
    meaning,
    message,
    vector,
)
from tests.contract.storage.test_answers import answer

SAM = MemberId("m-sam")
LATER = NOW + timedelta(days=1)


class RightsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with beside_another(storage) as uow:
            yield uow

    async def outlived(self, uow: UnitOfWork, audience: Audience = Audience.PUBLIC, limit: int = 9) -> list[MessageId]:
        return [one.id for one in await uow.messages.outlived(ACME, audience, LATER, limit)]

    async def voiced(self, uow: UnitOfWork, key: str, of: str) -> Message:
        said = message(key)
        if await uow.insights.get(ACME, InsightId(of)) is None:
            await uow.insights.add(insight(of))
        await uow.messages.add([said])
        circle = circle_of(GUILD, HELP, Audience.PUBLIC, Shared.NO)
        await uow.insights.add_voice(ACME, InsightId(of), said.id, meaning(vector(1)), circle)
        return said

    async def test_how_long_is_kept_by_audience_and_community_until_it_is_taken_back(self, uow: UnitOfWork) -> None:
        assert await uow.retentions.of(ACME) == {}
        await uow.retentions.choose(ACME, Audience.PUBLIC, 30)
        await uow.retentions.choose(ACME, Audience.PRIVATE, 7)
        await uow.retentions.choose(ACME, Audience.PUBLIC, 90)
        assert await uow.retentions.of(ACME) == {Audience.PUBLIC: 90, Audience.PRIVATE: 7}
        assert await uow.retentions.of(OTHER) == {}
        await uow.retentions.choose(ACME, Audience.PUBLIC, None)
        assert await uow.retentions.of(ACME) == {Audience.PRIVATE: 7}

    async def test_what_is_older_comes_the_oldest_first_by_who_reads_it_now(self, uow: UnitOfWork) -> None:
        await uow.channels.see(ACME, GUILD, HELP, "help", Audience.PUBLIC, Shared.NO)
        said = [message("late", at=NOW + SECOND), message("early"), message("young", at=LATER)]
        await uow.messages.add([*said, message("lost", channel=ChannelId("gone")), message("erased")])
        await uow.messages.erase(ACME, [message("erased").id])
        assert await self.outlived(uow) == [said[1].id, said[0].id]
        assert await self.outlived(uow, limit=1) == [said[1].id]
        assert await self.outlived(uow, Audience.PRIVATE) == [message("lost", channel=ChannelId("gone")).id]
        assert await self.outlived(uow, Audience.INTERNAL) == []
        assert await uow.messages.outlived(OTHER, Audience.PUBLIC, LATER, 9) == []

    async def test_what_staff_acted_on_is_left_out(self, uow: UnitOfWork) -> None:
        await uow.channels.see(ACME, GUILD, HELP, "help", Audience.PUBLIC, Shared.NO)
        for key in ("untouched", "decided", "owned", "tagged", "dismissed", "noted"):
            await self.voiced(uow, key, key)
        for key, status in (("decided", Status.PLANNED), ("dismissed", Status.DISMISSED)):
            await uow.insights.record(StatusChange(InsightId(key), status, SAM, NOW), ACME)
            await uow.insights.replace(insight(key, status=status))
        await uow.insights.replace(insight("owned", owner=SAM))
        await uow.insights.replace(insight("tagged", tags=("crash",)))
        await uow.notes.add(Note(NoteId("n"), ACME, message("noted").id, SAM, "call them", NOW))
        await uow.messages.add([message("solution"), message("maybe")])
        approved = answer("a", state=AnswerState.APPROVED, solver=None)
        await uow.answers.add(approved, ((Part.SOLUTION, message("solution").id),))
        await uow.answers.add(answer("b", solver=None), ((Part.SOLUTION, message("maybe").id),))
        assert await self.outlived(uow) == [message(key).id for key in ("dismissed", "maybe", "untouched")]

    async def test_terms_count_up_and_the_one_in_force_is_that_of_the_moment(self, uow: UnitOfWork) -> None:
        first = await uow.terms.publish(ACME, "You give it freely.", SAM, NOW)
        second = await uow.terms.publish(ACME, "You are named.", SAM, LATER)
        await uow.terms.publish(OTHER, "Other.", SAM, NOW)
        versions = await uow.terms.versions(ACME)
        assert versions == [first, second]
        assert [one.version for one in versions] == [1, 2]
        assert in_force(versions, NOW) is None
        assert in_force(versions, NOW + SECOND) == first
        assert in_force(versions, LATER) == first
        assert in_force(versions, LATER + SECOND) == second

    async def test_a_community_that_joins_takes_over_what_the_other_chose(self, uow: UnitOfWork) -> None:
        await uow.retentions.choose(ACME, Audience.PUBLIC, 30)
        await uow.retentions.choose(OTHER, Audience.PUBLIC, 60)
        kept = await uow.terms.publish(ACME, "You give it freely.", SAM, NOW)
        await uow.terms.publish(OTHER, "Other.", SAM, NOW)
        for community, space in ((ACME, GUILD), (OTHER, ELSEWHERE)):
            await uow.schedules.put(Schedule(community, space, "retention:daily", "0 3 * * *", "UTC", LATER))
        await uow.communities.absorb(OTHER, ACME)
        assert await uow.retentions.of(ACME) == {Audience.PUBLIC: 30}
        assert await uow.terms.versions(ACME) == [kept]
        assert [row.space for row in await uow._transaction.rows(schedules.select())] == [GUILD]

    async def test_everything_that_names_a_member_is_theirs_to_have_and_nothing_else(self, uow: UnitOfWork) -> None:
        await uow.channels.see(ACME, GUILD, HELP, "help", Audience.PUBLIC, Shared.NO)
        mine = await self.voiced(uow, "1", "i")
        await uow.messages.add([message("2", author="m-ben", text="what Ben said")])
        held = await uow.belongings.of_member(ACME, mine.author)
        assert [(one["text"], one["at"], one["channel_name"]) for one in held["messages"]] == [
            (mine.text, NOW.isoformat(), "help")
        ]
        assert [(one["message"], one["number"], one["status"]) for one in held["voices"]] == [(mine.id, 1, "new")]
        assert [one["name"] for one in held["member"]] == [(await uow.members.get(ACME, mine.author)).name]
        assert "what Ben said" not in str(held)
        assert not any(rows for rows in (await uow.belongings.of_member(OTHER, mine.author)).values())

    async def test_two_who_become_one_published_what_either_published(self, uow: UnitOfWork) -> None:
        published = await uow.terms.publish(ACME, "You give it freely.", MemberId("m-ben"), NOW)
        await uow.members.become_one(ACME, MemberId("m-anna"), MemberId("m-ben"))
        assert await uow.terms.versions(ACME) == [replace(published, by=MemberId("m-anna"))]


class TestRightsOnSqlite(OnSqlite, RightsContract):
    pass


class TestRightsOnPostgresql(OnPostgresql, RightsContract):
    pass
