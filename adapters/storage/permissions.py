"""Who may do what in a community, where that is not as usual."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, delete, select

from adapters.storage.tables import permissions
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from knowledge_base.ids import CommunityId
from knowledge_base.members import Role
from knowledge_base.ports import Permissions

_OF: Final = select(permissions).where(permissions.c.community_id == bindparam("community")).order_by(permissions.c.act)
_AS_USUAL: Final = delete(permissions).where(
    permissions.c.community_id == bindparam("community"), permissions.c.act == bindparam("of_act")
)


class SqlPermissions(Permissions):
    """See :class:`knowledge_base.ports.Permissions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, community: CommunityId) -> Mapping[str, Role]:
        """The role that each act needs which was chosen."""
        return {row.act: row.role for row in await self._transaction.rows(_OF, {"community": community})}

    async def choose(self, community: CommunityId, act: str, role: Role | None) -> None:
        """It needs this role from now on; None: as usual."""
        if role is None:
            await self._transaction.run(_AS_USUAL, {"community": community, "of_act": act})
            return
        row = {"community_id": community, "act": act, "role": role}
        await self._transaction.run(insert_or_replace(permissions, self._transaction.dialect), row)
