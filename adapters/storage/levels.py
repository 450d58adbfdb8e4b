"""A community's levels."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from adapters.storage.tables import levels
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from knowledge_base.ids import CommunityId
from knowledge_base.levels import Level
from knowledge_base.ports import Levels

_ALL = select(levels).where(levels.c.community_id == bindparam("community")).order_by(levels.c.threshold)
_REMOVE = delete(levels).where(levels.c.community_id == bindparam("community"), levels.c.name == bindparam("of_name"))


class SqlLevels(Levels):
    """See :class:`knowledge_base.ports.Levels`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def all(self, community: CommunityId) -> Sequence[Level]:
        """Every one, the lowest first."""
        rows = await self._transaction.rows(_ALL, {"community": community})
        return [Level(row.community_id, row.name, row.threshold, row.space, row.group_id) for row in rows]

    async def put(self, level: Level) -> None:
        """Store a level, in place of one of the same name."""
        row = {
            "community_id": level.community,
            "name": level.name,
            "threshold": level.threshold,
            "space": level.space,
            "group_id": level.group,
        }
        await self._transaction.run(insert_or_replace(levels, self._transaction.dialect), row)

    async def remove(self, community: CommunityId, name: str) -> bool:
        """Remove one; False if there was none of that name."""
        return await self._transaction.run(_REMOVE, {"community": community, "of_name": name}) > 0
