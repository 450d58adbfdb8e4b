"""What was heard of late."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from adapters.storage.insight_rows import insight_in, voice_in
from adapters.storage.insights import VOICES_OF_MANY
from adapters.storage.tables import insights
from adapters.storage.transaction import Transaction
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.insights import Insight, Status, Voice
from knowledge_base.ports import Lately

_HEARD = (
    select(insights)
    .where(
        insights.c.community_id == bindparam("community"),
        insights.c.status.not_in([Status.MERGED, Status.DISMISSED]),
        insights.c.last_at >= bindparam("since"),
        insights.c.demand > 0,
    )
    .order_by(insights.c.last_at.desc(), insights.c.number.desc())
    .limit(bindparam("most"))
)


class SqlLately(Lately):
    """See :class:`knowledge_base.ports.Lately`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def heard(self, community: CommunityId, since: datetime, limit: int) -> Sequence[Insight]:
        """Insights that had a voice since, last heard first."""
        rows = await self._transaction.rows(_HEARD, {"community": community, "since": since, "most": limit})
        return [insight_in(row) for row in rows]

    async def voices(
        self, community: CommunityId, insights: Sequence[InsightId]
    ) -> Mapping[InsightId, Sequence[Voice]]:
        """The voices of many, in one go."""
        found: dict[InsightId, list[Voice]] = {}
        wanted = {"community": community, "many": list(insights)}
        for row in await self._transaction.rows(VOICES_OF_MANY, wanted) if insights else ():
            found.setdefault(row.of_one, []).append(voice_in(row, row.of_one))
        return found
