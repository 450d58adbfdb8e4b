"""What is held back for teams."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from adapters.storage.insights import ADD as ADD_INSIGHT
from adapters.storage.tables import bundles, holdings
from adapters.storage.transaction import StoredRow, Transaction, Waiting
from adapters.storage.upserts import insert_or_replace
from knowledge_base.holdings import Holding
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.ports import Holdings

_OF_TEAM = (holdings.c.community_id == bindparam("community"), holdings.c.team == bindparam("of_team"))
_ALL = select(holdings).where(*_OF_TEAM).order_by(holdings.c.at, holdings.c.insight)
_OF_INSIGHT = (
    select(holdings)
    .where(holdings.c.community_id == bindparam("community"), holdings.c.insight == bindparam("of_insight"))
    .order_by(holdings.c.team)
)
_BUNDLE = select(bundles.c.post).where(
    bundles.c.community_id == bindparam("community"),
    bundles.c.team == bindparam("of_team"),
    bundles.c.since == bindparam("of_since"),
)
_REMOVE = delete(holdings).where(*_OF_TEAM, holdings.c.insight == bindparam("of_insight"))


class SqlHoldings(Holdings):
    """See :class:`knowledge_base.ports.Holdings`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._adding = insert_or_replace(holdings, transaction.dialect)

    async def add(self, *held: Holding) -> None:
        """Hold insights back, for these reasons from now on."""
        for one in held:
            row = {
                "community_id": one.community,
                "insight": one.insight,
                "team": one.team,
                "because": one.because,
                "at": one.at,
            }
            removed = {"community": one.community, "of_team": one.team, "of_insight": one.insight}
            if self._transaction.waiting(_REMOVE, removed):
                await self._transaction.run(self._adding, row)  # after that, which is written first by this
                continue
            for before in self._waiting(one.community, one.insight, one.team):
                before.update(row)
                break
            else:
                self._transaction.write_soon(self._adding, row)

    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Holding]:
        """Where an insight is held back, by team."""
        its = {"community_id": community, "insight": insight}
        if self._transaction.waiting(ADD_INSIGHT, its) and not self._transaction.waiting(self._adding, its):
            return ()  # a holding refers to its insight, so none is written before that
        rows = await self._transaction.rows(_OF_INSIGHT, {"community": community, "of_insight": insight})
        return [_holding(row) for row in rows]

    async def of_team(self, community: CommunityId, team: TeamId) -> Sequence[Holding]:
        """What is held back for a team, longest first."""
        rows = await self._transaction.rows(_ALL, {"community": community, "of_team": team})
        return [_holding(row) for row in rows]

    async def remove(self, community: CommunityId, insight: InsightId, team: TeamId) -> None:
        """It is held no longer."""
        this: Waiting = {"community": community, "of_team": team, "of_insight": insight}
        if self._waiting(community, insight, team):
            await self._transaction.run(_REMOVE, this)  # after what waits, which is written first by this
        elif not self._transaction.waiting(ADD_INSIGHT, {"community_id": community, "insight": insight}):
            self._transaction.write_soon(_REMOVE, this)

    async def bundle(self, community: CommunityId, team: TeamId, since: datetime) -> str | None:
        """The post that tells a team what is held back of an hour, or None."""
        row = await self._transaction.row(_BUNDLE, {"community": community, "of_team": team, "of_since": since})
        return None if row is None else str(row.post)

    async def put_bundle(self, community: CommunityId, team: TeamId, since: datetime, post: str) -> None:
        """That post tells it from now on."""
        row = {"community_id": community, "team": team, "since": since, "post": post}
        await self._transaction.run(insert_or_replace(bundles, self._transaction.dialect), row)

    def _waiting(self, community: CommunityId, insight: InsightId, team: TeamId) -> Sequence[Waiting]:
        return self._transaction.waiting(self._adding, {"community_id": community, "insight": insight, "team": team})


def _holding(row: StoredRow) -> Holding:
    return Holding(row.community_id, row.insight, row.team, row.because, row.at)
