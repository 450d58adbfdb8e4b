"""What is held back for teams."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from adapters.storage.tables import holdings
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.holdings import Holding
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.ports import Holdings

_OF_TEAM = (holdings.c.community_id == bindparam("community"), holdings.c.team == bindparam("of_team"))
_ALL = select(holdings).where(*_OF_TEAM).order_by(holdings.c.at, holdings.c.insight)
_REMOVE = delete(holdings).where(*_OF_TEAM, holdings.c.insight == bindparam("of_insight"))
_KEY = ("community_id", "insight", "team")


class SqlHoldings(Holdings):
    """See :class:`knowledge_base.ports.Holdings`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, holding: Holding) -> None:
        """Hold an insight back, unless it is held already."""
        await self._transaction.run(
            insert_if_new(holdings, _KEY, self._transaction.dialect),
            {
                "community_id": holding.community,
                "insight": holding.insight,
                "team": holding.team,
                "route": holding.route,
                "because": holding.because,
                "at": holding.at,
            },
        )

    async def of_team(self, community: CommunityId, team: TeamId) -> Sequence[Holding]:
        """What is held back for a team, longest first."""
        rows = await self._transaction.rows(_ALL, {"community": community, "of_team": team})
        return [Holding(row.community_id, row.insight, row.team, row.route, row.because, row.at) for row in rows]

    async def remove(self, community: CommunityId, insight: InsightId, team: TeamId) -> None:
        """It is held no longer."""
        await self._transaction.run(_REMOVE, {"community": community, "of_team": team, "of_insight": insight})
