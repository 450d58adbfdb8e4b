"""Messages that a model is to be asked about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select, update

from adapters.storage import locks
from adapters.storage.tables import model_jobs
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_or_replace
from dialogue.advice.storing import ModelJobs
from dialogue.advice.values import Job

CLAIMING = "model jobs"
"""The lock held to claim jobs: one for all communities, which share the day's budget."""

_FREE = or_(model_jobs.c.leased_until.is_(None), model_jobs.c.leased_until <= bindparam("now"))
_OLDEST = (model_jobs.c.created_at, model_jobs.c.community_id, model_jobs.c.message)
_WAITING = select(func.count().label("waiting")).where(_FREE)
_FIRST = select(model_jobs.c.community_id).where(_FREE).order_by(*_OLDEST).limit(1)
_NEXT = (
    select(model_jobs)
    .where(_FREE, model_jobs.c.community_id == bindparam("community"))
    .order_by(*_OLDEST)
    .limit(bindparam("most"))
)
_THIS = (
    model_jobs.c.community_id == bindparam("community"),
    model_jobs.c.message == bindparam("of_message"),
    model_jobs.c.mark == bindparam("as_marked"),
)
_LEASE = update(model_jobs).where(*_THIS).values(leased_until=bindparam("until"))
LET_GO = update(model_jobs).where(model_jobs.c.leased_until.is_not(None)).values(leased_until=None)
"""Nobody holds any job any more."""
_GIVE_BACK = update(model_jobs).where(*_THIS).values(leased_until=None, tries=bindparam("tried"))
_FINISH = delete(model_jobs).where(*_THIS)
_FORGET = delete(model_jobs).where(model_jobs.c.created_at < bindparam("before"))


class SqlModelJobs(ModelJobs):
    """See :class:`dialogue.advice.storing.ModelJobs`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, job: Job) -> None:
        """Add a job, in place of an earlier one of the same message."""
        await self._transaction.run(
            insert_or_replace(model_jobs, self._transaction.dialect),
            {
                "community_id": job.community,
                "message": job.message,
                "doubt": job.doubt,
                "mark": job.mark,
                "created_at": job.created_at,
                "tries": job.tries,
                "leased_until": None,
                "other": job.other,
            },
        )

    async def waiting(self, now: datetime) -> int:
        """How many jobs nobody holds."""
        (row,) = await self._transaction.rows(_WAITING, {"now": now})
        return int(row.waiting)

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Job]:
        """Hold the oldest jobs that nobody holds, all of one community."""
        await locks.hold(self._transaction, [CLAIMING])
        first = await self._transaction.row(_FIRST, {"now": now})
        if first is None:
            return ()
        asked = {"now": now, "community": first.community_id, "most": limit}
        rows = await self._transaction.rows(_NEXT, asked)
        jobs = [_job(row) for row in rows]
        await self._transaction.run(_LEASE, [{**_this(job), "until": now + lease} for job in jobs])
        return jobs

    async def give_back(self, job: Job) -> None:
        """Hold it no longer, and keep the number of its tries."""
        await self._transaction.run(_GIVE_BACK, {**_this(job), "tried": job.tries})

    async def finish(self, job: Job) -> bool:
        """It is done with; False if it is not there any more as it was."""
        return await self._transaction.run(_FINISH, _this(job)) == 1

    async def forget(self, before: datetime) -> None:
        """Remove jobs made before that moment."""
        await self._transaction.run(_FORGET, {"before": before})


def _job(row: StoredRow) -> Job:
    return Job(row.community_id, row.message, row.doubt, row.mark, row.created_at, row.tries, row.other)


def _this(job: Job) -> dict[str, object]:
    return {"community": job.community, "of_message": job.message, "as_marked": job.mark}
