"""A community's levels, and the roles that go with them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from adapters.storage.tables import accounts, level_roles, levels
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new, insert_or_replace
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.levels import GivenRole, Level
from knowledge_base.ports import Levels

_ALL = select(levels).where(levels.c.community_id == bindparam("community")).order_by(levels.c.threshold)
_REMOVE = delete(levels).where(levels.c.community_id == bindparam("community"), levels.c.name == bindparam("of_name"))

_R = level_roles.c
_ROLES = (
    select(level_roles, accounts.c.member)
    .join(
        accounts,
        (accounts.c.community_id == _R.community_id)
        & (accounts.c.space == _R.space)
        & (accounts.c.account == _R.account),
    )
    .where(_R.community_id == bindparam("community"))
)
_ROLES_OF = _ROLES.where(accounts.c.member == bindparam("of_member"))
_ROLE_KEY = ("community_id", "space", "account", "group_id")
_TAKE = delete(level_roles).where(
    _R.community_id == bindparam("community"),
    _R.space == bindparam("of_space"),
    _R.account == bindparam("of_account"),
    _R.group_id == bindparam("of_group"),
)


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

    async def roles_of(self, community: CommunityId, member: MemberId) -> frozenset[GivenRole]:
        """The roles that a member's accounts have by their level."""
        rows = await self._transaction.rows(_ROLES_OF, {"community": community, "of_member": member})
        return frozenset(GivenRole(row.space, row.account, row.group_id) for row in rows)

    async def holders(self, community: CommunityId) -> frozenset[MemberId]:
        """Whoever has any role by their level."""
        rows = await self._transaction.rows(_ROLES, {"community": community})
        return frozenset(MemberId(row.member) for row in rows)

    async def give(self, community: CommunityId, role: GivenRole) -> None:
        """An account has a role by its member's level now."""
        row = {"community_id": community, "space": role.space, "account": role.account, "group_id": role.group}
        await self._transaction.run(insert_if_new(level_roles, _ROLE_KEY, self._transaction.dialect), row)

    async def take(self, community: CommunityId, role: GivenRole) -> None:
        """It has it no more."""
        this = {"of_space": role.space, "of_account": role.account, "of_group": role.group}
        await self._transaction.run(_TAKE, {"community": community, **this})
