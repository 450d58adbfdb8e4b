"""Communities and their spaces."""

from datetime import datetime

from sqlalchemy import bindparam, select

from adapters.storage import locks
from adapters.storage.errors import UnknownSpace
from adapters.storage.tables import communities, spaces
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.ids import CommunityId, SpaceId
from knowledge_base.ports import Communities

OF_SPACE = select(spaces.c.community_id).where(spaces.c.space == bindparam("of_space")).scalar_subquery()
"""The community of a space, inside a statement that is given ``of_space``."""

FOUNDING = "founding"
"""The lock held to add a community or a channel: one for all, so that nobody waits in a circle."""

_OF_SPACE = select(spaces.c.community_id).where(spaces.c.space == bindparam("space"))


class SqlCommunities(Communities):
    """See :class:`knowledge_base.ports.Communities`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_space(self, space: SpaceId) -> CommunityId | None:
        """The community a space belongs to, or None; then no other unit of work founds one until this one ends."""
        known = await community_of(self._transaction, space)
        if known is None:
            await locks.hold(self._transaction, [FOUNDING])
            known = await community_of(self._transaction, space)  # another may have founded it meanwhile
        return known

    async def found(self, community: CommunityId, space: SpaceId, name: str, now: datetime) -> None:
        """Create a community with its first space, or leave it as it is."""
        counters = {"last_insight": 0, "last_route": 0, "last_voice": 0}
        await self._transaction.run(
            insert_if_new(communities, ("community_id",), self._transaction.dialect),
            {"community_id": community, "name": name, "created_at": now, **counters},
        )
        await self.add_space(community, space)

    async def add_space(self, community: CommunityId, space: SpaceId) -> None:
        """Make a space that belongs to no community yet one more of this community's."""
        # a space of another community is not passed over but refused, by its being unique
        statement = insert_if_new(spaces, ("community_id", "space"), self._transaction.dialect)
        await self._transaction.run(statement, {"community_id": community, "space": space})

    async def lock(self, community: CommunityId) -> None:
        """Hold the right to create and merge insights until the unit of work ends."""
        await locks.hold(self._transaction, [f"community {community}"])


async def community_of(transaction: Transaction, space: SpaceId) -> CommunityId | None:
    """The community a space belongs to, or None."""
    row = await transaction.row(_OF_SPACE, {"space": space})
    return None if row is None else CommunityId(row.community_id)


async def known_community_of(transaction: Transaction, space: SpaceId) -> CommunityId:
    """The community a space belongs to. Raises :class:`UnknownSpace`."""
    community = await community_of(transaction, space)
    if community is None:
        raise UnknownSpace(f"space {space} belongs to no community yet; found its community first")
    return community
