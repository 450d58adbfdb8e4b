"""What the bot may not do where, and whether admins were told."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from adapters.storage.tables import reports
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new
from dialogue.rows import Report
from dialogue.standing import Reports
from knowledge_base.ids import CommunityId

_UNTOLD = (
    select(reports)
    .where(reports.c.community_id == bindparam("community"), reports.c.told.is_(False))
    .order_by(reports.c.space, reports.c.channel, reports.c.permission)
)
_TOLD = (
    update(reports)
    .where(
        reports.c.community_id == bindparam("community"),
        reports.c.space == bindparam("of_space"),
        reports.c.channel == bindparam("of_channel"),
        reports.c.permission == bindparam("of_permission"),
    )
    .values(told=True)
)


class SqlReports(Reports):
    """See :class:`dialogue.standing.Reports`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, community: CommunityId, report: Report) -> None:
        """Note what is missing; what was noted before stays as it is."""
        statement = insert_if_new(
            reports, ("community_id", "space", "channel", "permission"), self._transaction.dialect
        )
        where = {"community_id": community, "space": report.space, "channel": report.channel or ""}
        await self._transaction.run(statement, {**where, "permission": report.permission, "told": False})

    async def untold(self, community: CommunityId) -> Sequence[Report]:
        """What nobody was told of yet."""
        rows = await self._transaction.rows(_UNTOLD, {"community": community})
        return [Report(row.space, row.channel or None, row.permission) for row in rows]

    async def told(self, community: CommunityId, reports_: Sequence[Report]) -> None:
        """Somebody was told."""
        for report in reports_:
            where = {"community": community, "of_space": report.space, "of_channel": report.channel or ""}
            await self._transaction.run(_TOLD, {**where, "of_permission": report.permission})
