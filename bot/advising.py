"""The adviser: asks a language model about what is in doubt, and lets what it says count.

A round has three parts. One transaction claims jobs, checks what may leave, and notes the call with the most that it
can cost. The call stands outside of any. What was answered is kept at once, then applied, one transaction a message:
where a process dies in between, the leases of its jobs end, and then their answers are known.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.logs import where
from bot.worker import MakeContext
from dialogue.actions import OutboxId
from dialogue.advice.applying import Fate, Source, apply_verdict
from dialogue.advice.asking import Asked
from dialogue.advice.planning import Advice, Rest, Round, plan
from dialogue.advice.values import Advised, Call, CallState, Job, Spent, Verdict
from dialogue.capturing.thinking import Understanding
from dialogue.errors import ModelFailed, StorageUnavailable
from dialogue.ports import Clock, Ids, Masker, Storage, UnitOfWork

GATHER: Final = timedelta(seconds=5)
"""How long doubts gather, so that several are asked in one call."""

TRIES: Final = 3
"""Calls that may fail for a message, before it stays as it was judged."""

STALE: Final = timedelta(days=1)
"""How long a doubt is worth asking about."""

KNOWN_FOR: Final = timedelta(days=30)
"""How long answers, and what calls did cost, are kept."""

FORGET_EVERY: Final = timedelta(hours=1)


class Adviser:
    """One call a round, at most. Trouble with the model is logged and waited for; nothing else waits with it."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        ids: Ids,
        advice: Advice,
        masker: Masker,
        understanding: Understanding,
        context: MakeContext,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._ids = ids
        self._advice = advice
        self._masker = masker
        self._understanding = understanding
        self._context = context
        self._rest: Rest | None = None
        self._forgot_at: datetime | None = None
        self._calling: asyncio.Task[Advised] | None = None
        self._ends = False

    async def run_once(self) -> int:
        """Ask about some of what is in doubt; returns how many messages were decided."""
        now = self._clock.now()
        if self._ends or (self._rest is not None and now < self._rest.until):
            return 0
        await self._forget(now)
        async with self._storage.read() as uow:
            if not await uow.model_jobs.waiting(now):
                return 0
        round_ = await self._plan(now)
        decided = dict(round_.known)
        if round_.call is not None:
            decided |= await self._ask(round_.call, round_.asked)
        for asked, verdict in decided.items():
            await self._apply(asked, verdict)
        return len(decided)

    async def pause(self) -> timedelta:
        """Until doubts have gathered, or the model has rested."""
        return GATHER if self._rest is None else max(self._rest.until - self._clock.now(), GATHER)

    def break_off(self) -> None:
        """Ask nothing more, and wait for no answer that is still to come."""
        self._ends = True
        if self._calling is not None:
            self._calling.cancel()

    async def close(self) -> None:
        """Let go of the model's server."""
        await self._advice.model.close()

    async def _plan(self, now: datetime) -> Round:
        async with self._storage.begin() as uow:
            found = await plan(uow, self._advice, self._masker, self._ids.fresh(), now)
            await uow.commit()
        if found.rest is not None:
            until = found.rest.until.isoformat()
            structlog.get_logger().warning("model_rests", until=until, reason=found.rest.reason)
        elif self._rest is not None and found.call is not None:
            structlog.get_logger().info("model_tried_again")
        self._rest = found.rest
        return found

    async def _ask(self, call: Call, asked: Sequence[Asked]) -> Mapping[Asked, Verdict]:
        """Make the call and keep what came of it; what got no verdict is done with, or tried again."""
        ended, advised = await self._called(call, asked)
        verdicts = {one: advised.verdicts[place] for place, one in enumerate(asked) if place in advised.verdicts}
        model = self._advice.model
        async with self._storage.begin() as uow:
            await uow.model_calls.end(ended)
            digests = {one.question.digest(model.name, model.prompt): verdict for one, verdict in verdicts.items()}
            await uow.model_answers.put(call.community, digests, self._clock.now() + KNOWN_FOR)
            for one in asked:
                if one not in verdicts:
                    await _leave(uow, one.job, ended.state)
            await uow.commit()
        self._log(ended, len(asked), len(verdicts))
        return verdicts

    async def _called(self, call: Call, asked: Sequence[Asked]) -> tuple[Call, Advised]:
        """How the call ended, and what was answered."""
        nothing = Advised({}, 0, call.spent)
        self._calling = asyncio.create_task(self._advice.model.ask([one.question for one in asked]))
        try:
            advised = await self._calling
        except ModelFailed as error:
            tokens = call.spent.tokens if error.tokens is None else error.tokens
            spent = Spent(tokens, error.milliseconds)
            return replace(call, state=CallState.FAILED, spent=spent, reason=str(error)), nothing
        except asyncio.CancelledError:
            self._calling.cancel()
            if not self._ends:  # the program itself is cancelled
                raise
            return replace(call, state=CallState.BROKEN_OFF), nothing
        except Exception as error:  # noqa: BLE001 - whatever an SDK raises must not stop those who talk
            return replace(call, state=CallState.FAILED, reason=where(error)), nothing
        finally:
            self._calling = None
        return replace(call, state=CallState.ANSWERED, spent=advised.spent, discarded=advised.discarded), advised

    async def _apply(self, asked: Asked, verdict: Verdict) -> None:
        """Let one verdict count. What fails here is given up: the message stays as it was judged."""
        try:
            fate = await self._decide(asked, verdict)
        except StorageUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one message's trouble must not hold the others
            structlog.get_logger().error("verdict_failed", message=asked.job.message, error=where(error))
            async with self._storage.begin() as uow:
                await uow.model_jobs.finish(asked.job)
                await uow.commit()
        else:
            structlog.get_logger().info("verdict", message=asked.job.message, fate=fate.value)

    async def _decide(self, asked: Asked, verdict: Verdict) -> Fate:
        advice, job, now = self._advice, asked.job, self._clock.now()
        async with self._storage.begin() as uow:
            await uow.lock_lanes([asked.lane])
            context = self._context(uow, job.community, asked.space, None)
            source = Source(advice.model.name, advice.policy, self._understanding)
            fate, actions = await apply_verdict(context, asked, verdict, source)
            for outgoing in actions:
                cause = f"model:{job.message}"
                await uow.outbox.add(job.community, outgoing, cause, OutboxId(self._ids.fresh()), now)
            await uow.commit()
        return fate

    def _log(self, call: Call, asked: int, answered: int) -> None:
        log = structlog.get_logger().bind(state=call.state.value, asked=asked, answered=answered)
        cost = {"tokens": call.spent.tokens, "milliseconds": call.spent.milliseconds, "discarded": call.discarded}
        if call.state is CallState.FAILED:
            log.warning("model_call", **cost, reason=call.reason)
        else:
            log.info("model_call", **cost)

    async def _forget(self, now: datetime) -> None:
        if self._forgot_at is not None and now - self._forgot_at < FORGET_EVERY:
            return
        async with self._storage.begin() as uow:
            await uow.model_jobs.forget(now - STALE)
            await uow.model_answers.forget(now)
            await uow.model_calls.forget(now - KNOWN_FOR)
            await uow.commit()
        self._forgot_at = now


async def _leave(uow: UnitOfWork, job: Job, state: CallState) -> None:
    """A job without a verdict: done with where the model had its say, or after too many calls that failed."""
    tried = job.tries + (state is CallState.FAILED)
    if state is CallState.ANSWERED or tried >= TRIES:
        await uow.model_jobs.finish(job)
    else:
        await uow.model_jobs.give_back(replace(job, tries=tried))
