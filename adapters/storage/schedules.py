"""What falls due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from adapters.storage.tables import schedules
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from dialogue.ports import Schedules
from dialogue.rows import Schedule
from knowledge_base.ids import CommunityId

_REMOVE = delete(schedules).where(
    schedules.c.community_id == bindparam("community"), schedules.c.name == bindparam("of_name")
)
_DUE = (
    select(schedules)
    .where(schedules.c.due_at <= bindparam("now"))
    .order_by(schedules.c.due_at, schedules.c.community_id, schedules.c.name)
    .limit(bindparam("most"))
)
_NEXT_DUE = select(func.min(schedules.c.due_at).label("due_at"))


class SqlSchedules(Schedules):
    """See :class:`dialogue.ports.Schedules`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, schedule: Schedule) -> None:
        """Create or replace by name."""
        statement = insert_or_replace(schedules, self._transaction.dialect)
        row = {
            "community_id": schedule.community,
            "name": schedule.name,
            "space": schedule.space,
            "rule": schedule.rule,
            "zone": schedule.zone,
            "due_at": schedule.due_at,
        }
        for before in self._transaction.waiting(statement, {"community_id": schedule.community, "name": schedule.name}):
            before.update(row)
            return
        self._transaction.write_soon(statement, row)

    async def remove(self, community: CommunityId, name: str) -> None:
        """Remove by name, if it is there."""
        await self._transaction.run(_REMOVE, {"community": community, "of_name": name})

    async def due(self, now: datetime, limit: int = 100) -> Sequence[Schedule]:
        """Schedules due by now, earliest first."""
        rows = await self._transaction.rows(_DUE, {"now": now, "most": limit})
        return [Schedule(row.community_id, row.space, row.name, row.rule, row.zone, row.due_at) for row in rows]

    async def next_due(self) -> datetime | None:
        """The earliest ``due_at``, or None."""
        (row,) = await self._transaction.rows(_NEXT_DUE)
        due_at: datetime | None = row.due_at
        return due_at
