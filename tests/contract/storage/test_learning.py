"""A community learns from its own corrections alone, and from those that stand and count."""

from dataclasses import replace

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED
from knowledge_base.learning import Lesson, Shipped, Teaching
from knowledge_base.ports.learning import MOST_LESSONS
from knowledge_base.steps import Step, StepSort
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    NOW,
    OTHER,
    SECOND,
    found,
)

SHIPPED = Shipped(merge=0.9, suggest=0.75, voice=0.5, model="hashing")
ANNA = MemberId("m-anna")


def split(number: int, cosine: float = 0.93, community: CommunityId = ACME) -> Correction:
    return Correction(
        community,
        CorrectionId(f"c{number:04}"),
        CorrectionSort.SPLIT,
        ANNA,
        NOW + number * SECOND,
        message=MessageId(f"m{number}"),
        insight=InsightId("a"),
        other=InsightId("b"),
        cosine=cosine,
        model="hashing",
    )


def step(sort: StepSort, after: float, correction: str | None = None, community: CommunityId = ACME) -> Step:
    return Step(community, sort, ANNA, NOW + after * SECOND, CorrectionId(correction) if correction else None)


async def merge(uow: UnitOfWork, community: CommunityId = ACME) -> float:
    return round(SHIPPED.merge + (await uow.learning.learned(community, SHIPPED)).leanings.merge, 4)


class LearningContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            yield uow

    async def test_without_corrections_it_is_as_shipped(self, uow: UnitOfWork) -> None:
        assert (await uow.learning.learned(ACME, SHIPPED)).leanings == AS_SHIPPED
        assert await uow.learning.is_on(ACME)
        assert (await uow.learning.lessons(ACME), await uow.learning.steps(ACME)) == ([], [])

    async def test_what_is_corrected_in_a_unit_of_work_holds_in_it_at_once(self, uow: UnitOfWork) -> None:
        assert await merge(uow) == 0.9
        await uow.corrections.add(split(1))
        assert await merge(uow) == 0.9
        await uow.corrections.add(split(2))
        assert await merge(uow) == 0.94

    async def test_what_one_community_corrected_changes_nothing_for_another(self, uow: UnitOfWork) -> None:
        for number in (1, 2, 3):
            await uow.corrections.add(split(number))
        await uow.learning.take(step(StepSort.RESET, 1, community=OTHER))
        await uow.learning.take(step(StepSort.OFF, 1, community=OTHER))
        assert (await merge(uow), await merge(uow, OTHER)) == (0.94, 0.9)
        assert await uow.learning.lessons(OTHER) == []
        assert await uow.learning.corrections(OTHER) == []
        assert await uow.learning.is_on(ACME)

    async def test_what_is_undone_restores_what_was(self, uow: UnitOfWork) -> None:
        await uow.corrections.add(split(1))
        await uow.corrections.add(split(2))
        await uow.corrections.undo(ACME, split(2).id, NOW)
        assert await merge(uow) == 0.9
        assert [number for number, _ in await uow.learning.corrections(ACME)] == [1]

    async def test_what_is_left_out_teaches_no_more_but_stands(self, uow: UnitOfWork) -> None:
        await uow.corrections.add(split(1))
        await uow.corrections.add(split(2))
        await uow.learning.take(step(StepSort.LEAVE_OUT, 3, "c0001"))
        assert await merge(uow) == 0.9
        assert await uow.learning.corrections(ACME) == [(2, split(2))]
        assert await uow.corrections.of(ACME, 9) == [split(2), split(1)]

    async def test_after_a_reset_only_what_comes_later_teaches(self, uow: UnitOfWork) -> None:
        for number in (1, 2):
            await uow.corrections.add(split(number))
        await uow.learning.take(step(StepSort.RESET, 2.5))
        assert await merge(uow) == 0.9
        for number in (3, 4):
            await uow.corrections.add(split(number, 0.91))
        assert await merge(uow) == 0.92
        assert [number for number, _ in await uow.learning.corrections(ACME)] == [4, 3]

    async def test_off_is_as_shipped_and_on_is_as_learned(self, uow: UnitOfWork) -> None:
        for number in (1, 2):
            await uow.corrections.add(split(number))
        await uow.learning.take(step(StepSort.OFF, 3))
        assert (await uow.learning.is_on(ACME), await merge(uow)) == (False, 0.9)
        assert len(await uow.learning.lessons(ACME)) == 2
        await uow.learning.take(step(StepSort.ON, 4))
        assert (await uow.learning.is_on(ACME), await merge(uow)) == (True, 0.94)

    async def test_every_step_says_who_took_it_and_when(self, uow: UnitOfWork) -> None:
        taken = [step(StepSort.OFF, 1), step(StepSort.LEAVE_OUT, 2, "c1"), step(StepSort.RESET, 3)]
        for one in taken:
            await uow.learning.take(one)
        assert await uow.learning.steps(ACME) == taken
        await uow.members.become_one(ACME, MemberId("m-ben"), ANNA)
        assert {one.by for one in await uow.learning.steps(ACME)} == {MemberId("m-ben")}

    async def test_each_sort_of_correction_teaches_its_own(self, uow: UnitOfWork) -> None:
        def correction(number: int, sort: CorrectionSort, **figures) -> Correction:
            return replace(split(number), sort=sort, message=None, cosine=None, **figures)

        m = MessageId("m")
        for one in (
            correction(1, CorrectionSort.MERGE),
            replace(correction(2, CorrectionSort.MERGE), cosine=0.8),
            replace(correction(3, CorrectionSort.REFUSAL), cosine=0.76),
            correction(4, CorrectionSort.DISMISSAL, was_kind=Kind.PRAISE, confidence=0.5),
            replace(correction(5, CorrectionSort.KIND, was_kind=Kind.PRAISE, is_kind=Kind.REQUEST), message=m),
            replace(correction(6, CorrectionSort.TAGGING, was_kind=Kind.PROBLEM, confidence=0.4), message=m),
            split(7),
        ):
            await uow.corrections.add(one)
        assert await uow.learning.lessons(ACME) == [
            Lesson(7, Teaching.SPLIT, "m7", 0.93, model="hashing"),
            Lesson(6, Teaching.MISSED, "m", 0.4, Kind.PROBLEM),
            Lesson(5, Teaching.KIND, "m", 0.0, Kind.PRAISE, Kind.REQUEST),
            Lesson(4, Teaching.NO_INSIGHT, "a b", 0.5, Kind.PRAISE),
            Lesson(3, Teaching.REFUSAL, "a b", 0.76, model="hashing"),
            Lesson(2, Teaching.MERGE, "a b", 0.8, model="hashing"),
        ]

    async def test_cosines_of_other_models_and_of_nobody_knows_which_teach_nothing(self, uow: UnitOfWork) -> None:
        for number, model in enumerate(("another", None, "another", None), start=1):
            await uow.corrections.add(replace(split(number), model=model))
        assert await merge(uow) == SHIPPED.merge
        for number in (5, 6):
            await uow.corrections.add(split(number))
        assert await merge(uow) > SHIPPED.merge

    async def test_what_stands_about_a_message_or_an_insight_is_found(self, uow: UnitOfWork) -> None:
        dismissed = replace(split(2), sort=CorrectionSort.DISMISSAL, message=None)
        for one in (split(1), dismissed, split(3)):
            await uow.corrections.add(one)
        await uow.corrections.undo(ACME, split(3).id, NOW)
        assert await uow.learning.find(ACME, CorrectionSort.SPLIT, MessageId("m1")) == [split(1)]
        assert await uow.learning.find(ACME, CorrectionSort.SPLIT, MessageId("m3")) == []
        assert await uow.learning.find(ACME, CorrectionSort.DISMISSAL, InsightId("a")) == [dismissed]
        assert await uow.learning.find(OTHER, CorrectionSort.DISMISSAL, InsightId("a")) == []

    async def test_only_the_latest_teach(self, uow: UnitOfWork) -> None:
        for number in range(MOST_LESSONS + 5):
            await uow.corrections.add(split(number))
        numbers = [number for number, _ in await uow.learning.corrections(ACME)]
        assert (len(numbers), numbers[0], numbers[-1]) == (MOST_LESSONS, MOST_LESSONS + 5, 6)

    async def test_a_reader_sees_what_was_committed(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await uow.corrections.add(split(1))
            await uow.corrections.add(split(2))
            await uow.commit()
        async with storage.read() as uow:
            assert await merge(uow) == 0.94


class TestLearningOnSqlite(OnSqlite, LearningContract):
    pass


class TestLearningOnPostgresql(OnPostgresql, LearningContract):
    pass
