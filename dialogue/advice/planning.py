"""What to ask a model next, if anything: claimed, checked, looked up, and paid for in advance. One transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dialogue.advice.asking import Asked, question_of
from dialogue.advice.breaker import LOOK_BACK, failures_in_a_row, resting_until
from dialogue.advice.budget import affordable, day_of, left_of, next_day
from dialogue.advice.values import Call, CallState, Job, Policy, Verdict
from dialogue.ports import LanguageModel, Masker, UnitOfWork

LEASE: Final = timedelta(minutes=5)
"""How long claimed jobs are held: longer than any call may take."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A model that is asked, and when."""

    model: LanguageModel
    policy: Policy


@dataclass(frozen=True, slots=True)
class Rest:
    """Why and until when the model is not asked."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """What is done next: verdicts that are known already, and the questions of one call. ``rest``: why there is none.

    ``call`` is noted as begun, with the most that it can cost.
    """

    known: Sequence[tuple[Asked, Verdict]]
    asked: Sequence[Asked]
    call: Call | None
    rest: Rest | None


async def plan(uow: UnitOfWork, advice: Advice, masker: Masker, call_id: str, now: datetime) -> Round:
    """Claim jobs and say what is done with them; those that can't be done now are given back."""
    jobs = await uow.model_jobs.claim(now, LEASE, advice.policy.batch)
    together = _together(jobs)
    asked = await _questions(uow, together, masker, advice.policy)
    verdicts = await _known(uow, asked, advice, now)
    known = [(one, verdicts[one.job]) for one in asked if one.job in verdicts]
    unknown = [one for one in asked if one.job not in verdicts]
    chosen, rest = await _payable(uow, unknown, advice, now) if unknown else ((), None)
    for job in (*jobs[len(together) :], *(one.job for one in unknown[len(chosen) :])):
        await uow.model_jobs.give_back(job)
    return Round(known, chosen, await _begin(uow, chosen, advice, call_id, now), rest)


async def rest_of(uow: UnitOfWork, advice: Advice, now: datetime) -> Rest | None:
    """Why the model is not asked now, whatever the question: the breaker is open. Reads only."""
    latest = await uow.model_calls.latest(advice.model.name, LOOK_BACK)
    until = resting_until(latest)
    if until is None or until <= now:
        return None
    return Rest(until, f"{failures_in_a_row(latest)} calls in a row failed, at last: {latest[0].reason}")


def _together(jobs: Sequence[Job]) -> Sequence[Job]:
    """Those that are asked in one call: what failed before alone, so that no text spoils others' answers twice."""
    if jobs and jobs[0].tries:
        return jobs[:1]
    first_tried = next((place for place, job in enumerate(jobs) if job.tries), len(jobs))
    return jobs[:first_tried]


async def _questions(uow: UnitOfWork, jobs: Sequence[Job], masker: Masker, policy: Policy) -> Sequence[Asked]:
    """The questions of those jobs that still lead to one; the others are done with."""
    asked = []
    for job in jobs:
        one = await question_of(uow, job, masker, policy)
        if one is None:
            await uow.model_jobs.finish(job)
        else:
            asked.append(one)
    return asked


async def _known(uow: UnitOfWork, asked: Sequence[Asked], advice: Advice, now: datetime) -> dict[Job, Verdict]:
    if not asked:
        return {}
    digests = {one.job: one.question.digest(advice.model.name, advice.model.prompt) for one in asked}
    answers = await uow.model_answers.get(asked[0].job.community, set(digests.values()), now)
    return {job: answers[digest] for job, digest in digests.items() if digest in answers}


async def _payable(
    uow: UnitOfWork, unknown: Sequence[Asked], advice: Advice, now: datetime
) -> tuple[Sequence[Asked], Rest | None]:
    """As many as may be asked now; none, and why not, while the breaker is open or the day's budget is too small."""
    rest = await rest_of(uow, advice, now)
    if rest is not None:
        return (), rest
    left = left_of(advice.policy.per_day, await uow.model_calls.spent(day_of(now)))
    chosen = affordable(unknown, lambda some: advice.model.at_most([one.question for one in some]), left)
    return chosen, None if chosen else Rest(next_day(now), "the day's budget is spent")


async def _begin(uow: UnitOfWork, chosen: Sequence[Asked], advice: Advice, call_id: str, now: datetime) -> Call | None:
    if not chosen:
        return None
    at_most = advice.model.at_most([one.question for one in chosen])
    call = Call(call_id, chosen[0].job.community, advice.model.name, now, CallState.BEGUN, at_most)
    await uow.model_calls.begin(call)
    return call
