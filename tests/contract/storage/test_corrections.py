"""What staff corrected is kept for their community."""

from dataclasses import replace

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.kinds import Kind
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import ACME, NOW, SECOND, found

MERGED = Correction(
    ACME,
    CorrectionId("c1"),
    CorrectionSort.MERGE,
    MemberId("m-anna"),
    NOW,
    insight=InsightId("a"),
    other=InsightId("b"),
    cosine=0.1 + 0.7,
    model="hashing",
    was_kind=Kind.REQUEST,
)
RENAMED = Correction(
    ACME,
    CorrectionId("c2"),
    CorrectionSort.KIND,
    MemberId("m-ben"),
    NOW + SECOND,
    message=MessageId("m"),
    was_kind=Kind.QUESTION,
    is_kind=Kind.PROBLEM,
    confidence=0.1 + 0.2,
)


class CorrectionsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            yield uow

    async def test_what_was_kept_comes_back_newest_first(self, uow: UnitOfWork) -> None:
        await uow.corrections.add(MERGED)
        await uow.corrections.add(RENAMED)
        assert await uow.corrections.of(ACME, 9) == [RENAMED, MERGED]
        assert await uow.corrections.of(ACME, 1) == [RENAMED]

    async def test_what_was_undone_says_when_first(self, uow: UnitOfWork) -> None:
        await uow.corrections.add(MERGED)
        await uow.corrections.undo(ACME, MERGED.id, NOW + SECOND)
        await uow.corrections.undo(ACME, MERGED.id, NOW + 2 * SECOND)
        assert await uow.corrections.of(ACME, 9) == [replace(MERGED, undone_at=NOW + SECOND)]

    async def test_another_community_sees_and_undoes_nothing(self, uow: UnitOfWork) -> None:
        other = CommunityId("other")
        await uow.communities.found(other, SpaceId("elsewhere"), "Other", NOW)
        await uow.corrections.add(MERGED)
        await uow.corrections.undo(other, MERGED.id, NOW)
        assert await uow.corrections.of(other, 9) == []
        assert await uow.corrections.of(ACME, 9) == [MERGED]

    async def test_when_two_members_become_one_the_corrections_are_theirs(self, uow: UnitOfWork) -> None:
        await uow.corrections.add(RENAMED)
        await uow.members.become_one(ACME, MemberId("m-anna"), MemberId("m-ben"))
        assert await uow.corrections.of(ACME, 9) == [replace(RENAMED, by=MemberId("m-anna"))]


class TestCorrectionsOnSqlite(OnSqlite, CorrectionsContract):
    pass


class TestCorrectionsOnPostgresql(OnPostgresql, CorrectionsContract):
    pass
