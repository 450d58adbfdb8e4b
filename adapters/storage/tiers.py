"""Customers' tiers."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from adapters.storage.tables import tiers
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from knowledge_base.ids import CommunityId, SpaceId
from knowledge_base.ports import Tiers
from knowledge_base.tiers import Tier

_ALL = (
    select(tiers)
    .where(tiers.c.community_id == bindparam("community"))
    .order_by(tiers.c.tier, tiers.c.space, tiers.c.group_id)
)
_REMOVE = delete(tiers).where(
    tiers.c.community_id == bindparam("community"),
    tiers.c.space == bindparam("of_space"),
    tiers.c.group_id == bindparam("of_group"),
)


class SqlTiers(Tiers):
    """See :class:`knowledge_base.ports.Tiers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def all(self, community: CommunityId) -> Sequence[Tier]:
        """Every one, by name, space and group."""
        rows = await self._transaction.rows(_ALL, {"community": community})
        return [Tier(row.community_id, row.space, row.group_id, row.tier) for row in rows]

    async def of_space(self, community: CommunityId, space: SpaceId) -> Sequence[Tier]:
        """Those of a space, in the same order."""
        return [tier for tier in await self.all(community) if tier.space == space]

    async def put(self, tier: Tier) -> None:
        """Its group means this tier from now on."""
        row = {"community_id": tier.community, "space": tier.space, "group_id": tier.group, "tier": tier.name}
        await self._transaction.run(insert_or_replace(tiers, self._transaction.dialect), row)

    async def remove(self, community: CommunityId, space: SpaceId, group: str) -> bool:
        """The group means no tier any more."""
        this = {"community": community, "of_space": space, "of_group": group}
        return await self._transaction.run(_REMOVE, this) > 0
