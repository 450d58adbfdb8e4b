"""What is kept for asking a language model: jobs, answers, calls."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from dialogue.advice.values import Call, CallState, Doubt, Job, Spent, Verdict
from dialogue.ports import UnitOfWork
from knowledge_base.ids import CommunityId, InsightId, MessageId, SpaceId
from knowledge_base.members import Role
from tests.conftest import ReversingSealer
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    found,
    message,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
VERDICT = Verdict("problem", 0.1 + 0.2)


def job(key: str, community: CommunityId = ACME, **rest) -> Job:
    return replace(Job(community, MessageId(f"{GUILD}/{HELP}/{key}"), Doubt.KIND, f"mark-{key}", NOW), **rest)


def call(key: str, at: timedelta = timedelta(), state: CallState = CallState.ANSWERED, **rest) -> Call:
    return replace(Call(key, ACME, "wise", NOW + at, state, Spent(100, 2000)), **rest)


class ModelContract:
    @pytest.fixture(autouse=True)
    async def something_said(self, storage: Database) -> None:
        await found(storage)
        async with self.unit(storage) as uow:
            await uow.messages.add([message(str(n)) for n in range(5)])

    @asynccontextmanager
    async def unit(self, storage: Database) -> AsyncIterator[UnitOfWork]:
        async with storage.begin() as uow:
            yield uow
            await uow.commit()

    async def put(self, storage: Database, *jobs: Job) -> None:
        async with self.unit(storage) as uow:
            for one in jobs:
                await uow.model_jobs.put(one)

    async def claim(self, storage: Database, at: timedelta = timedelta(), limit: int = 9) -> Sequence[Job]:
        async with self.unit(storage) as uow:
            return await uow.model_jobs.claim(NOW + at, MINUTE, limit)

    # ---- jobs

    async def test_the_oldest_jobs_are_claimed_first_and_no_more_than_asked_for(self, storage: Database) -> None:
        jobs = [
            job("2", created_at=NOW + 2 * SECOND, doubt=Doubt.SAME, other=InsightId("i")),
            job("1", created_at=NOW + SECOND),
            job("0", tries=1),
        ]
        await self.put(storage, *jobs)
        assert await self.claim(storage, 3 * SECOND, 2) == [jobs[2], jobs[1]]
        assert await self.claim(storage, 3 * SECOND) == [jobs[0]]

    async def test_what_is_held_is_nobody_elses_until_the_lease_ends(self, storage: Database) -> None:
        await self.put(storage, job("1"))
        assert await self.claim(storage) == [job("1")]
        assert await self.claim(storage, MINUTE - SECOND) == ()
        async with storage.read() as uow:
            assert await uow.model_jobs.waiting(NOW + MINUTE - SECOND) == 0
            assert await uow.model_jobs.waiting(NOW + MINUTE) == 1
        assert await self.claim(storage, MINUTE) == [job("1")]

    async def test_a_claim_holds_jobs_of_one_community_only(self, storage: Database) -> None:
        async with self.unit(storage) as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            await uow.members.see(OTHER, SpaceId("elsewhere"), "anna", "Anna", Role.CUSTOMER, "m-anna")
            await uow.messages.add([replace(message("9"), community=OTHER, space=SpaceId("elsewhere"))])
        later = job("9", OTHER, created_at=NOW + SECOND)
        await self.put(
            storage, job("1"), later, job("2", created_at=NOW + 2 * SECOND, doubt=Doubt.SAME, other=InsightId("i"))
        )
        assert [one.community for one in await self.claim(storage)] == [ACME, ACME]
        assert await self.claim(storage) == [later]

    async def test_a_message_has_one_job_the_last_one_put(self, storage: Database) -> None:
        await self.put(storage, job("1"), job("1", mark="edited", tries=2))
        assert await self.claim(storage) == [job("1", mark="edited", tries=2)]
        await self.put(storage, job("1", mark="again"))
        assert await self.claim(storage) == [job("1", mark="again")]

    async def test_what_is_given_back_keeps_its_tries_and_is_free(self, storage: Database) -> None:
        await self.put(storage, job("1"))
        (held,) = await self.claim(storage)
        async with self.unit(storage) as uow:
            await uow.model_jobs.give_back(replace(held, tries=1))
        assert await self.claim(storage) == [job("1", tries=1)]

    async def test_a_job_is_finished_once_and_only_as_it_was(self, storage: Database) -> None:
        await self.put(storage, job("1"), job("2"))
        async with self.unit(storage) as uow:
            assert not await uow.model_jobs.finish(job("1", mark="edited"))
            assert await uow.model_jobs.finish(job("1"))
            assert not await uow.model_jobs.finish(job("1"))
            await uow.model_jobs.give_back(job("1"))
        assert await self.claim(storage) == [job("2")]

    async def test_old_jobs_are_forgotten(self, storage: Database) -> None:
        await self.put(storage, job("1"), job("2", created_at=NOW + SECOND))
        async with self.unit(storage) as uow:
            await uow.model_jobs.forget(NOW + SECOND)
        assert await self.claim(storage) == [job("2", created_at=NOW + SECOND)]

    # ---- answers

    async def test_an_answer_is_known_until_it_expires_and_in_its_community_only(self, storage: Database) -> None:
        async with self.unit(storage) as uow:
            await uow.model_answers.put(ACME, {"d": Verdict("praise", 0.5)}, NOW + SECOND)
            await uow.model_answers.put(ACME, {"d": VERDICT, "e": VERDICT}, NOW + MINUTE)
            assert await uow.model_answers.get(ACME, {"d", "x"}, NOW) == {"d": VERDICT}
            assert await uow.model_answers.get(ACME, {"d"}, NOW + MINUTE) == {}
            assert await uow.model_answers.get(OTHER, {"d"}, NOW) == {}
            assert await uow.model_answers.get(ACME, set(), NOW) == {}
            await uow.model_answers.put(ACME, {"e": VERDICT}, NOW + DAY)
            await uow.model_answers.forget(NOW + MINUTE)
            assert await uow.model_answers.get(ACME, {"d", "e"}, NOW) == {"e": VERDICT}

    # ---- calls

    async def test_what_was_spent_counts_calls_that_run_at_their_most(self, storage: Database) -> None:
        async with self.unit(storage) as uow:
            await uow.model_calls.begin(call("a", -SECOND, CallState.BEGUN))
            await uow.model_calls.begin(call("b", state=CallState.BEGUN))
            await uow.model_calls.begin(call("c", SECOND, CallState.BEGUN))
            await uow.model_calls.end(call("c", spent=Spent(30, 400)))
            assert await uow.model_calls.spent(NOW) == Spent(130, 2400)
            assert await uow.model_calls.spent(NOW - MINUTE) == Spent(230, 4400)
            assert await uow.model_calls.spent(NOW + MINUTE) == Spent(0, 0)

    async def test_the_latest_calls_of_a_model_that_ended_are_told_last_first(self, storage: Database) -> None:
        wanted = [
            call("c", 2 * SECOND, CallState.FAILED, reason="the server can't answer (500)"),
            call("b", SECOND, discarded=2),
            call("a"),
        ]
        async with self.unit(storage) as uow:
            for one in reversed(wanted):
                await uow.model_calls.begin(replace(one, state=CallState.BEGUN, discarded=0, reason=""))
                await uow.model_calls.end(one)
            await uow.model_calls.begin(call("d", MINUTE, CallState.BEGUN))
            await uow.model_calls.begin(call("e", MINUTE, CallState.BROKEN_OFF))
            await uow.model_calls.begin(call("f", MINUTE, model="other"))
            assert await uow.model_calls.latest("wise", 9) == wanted
            assert await uow.model_calls.latest("wise", 1) == wanted[:1]
            await uow.model_calls.forget(NOW + SECOND)
            assert await uow.model_calls.latest("wise", 9) == wanted[:2]


class TestModelOnSqlite(OnSqlite, ModelContract):
    async def test_what_a_killed_process_held_is_free_at_once(self, url: str, storage: Database) -> None:
        await self.put(storage, job("1"))
        await self.claim(storage)
        await storage.close()
        again = await Database.open(url, ReversingSealer())
        assert await self.claim(again) == [job("1")]
        await again.close()


class TestModelOnPostgresql(OnPostgresql, ModelContract):
    async def test_two_processes_never_claim_at_once(self, storage: Database) -> None:
        await self.put(storage, job("1"), job("2"))
        async with storage.begin() as first:
            assert len(await first.model_jobs.claim(NOW, MINUTE, 1)) == 1
            async with storage.begin() as second:
                assert await held_up(second.model_jobs.claim(NOW, MINUTE, 9))


async def held_up(work) -> bool:
    """Whether it is still waiting after a moment; it is given up then."""
    import asyncio

    try:
        async with asyncio.timeout(0.3):
            await work
    except TimeoutError:
        return True
    return False
