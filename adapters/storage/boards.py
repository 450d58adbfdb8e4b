"""A community's seasons, and who wants to be named on its board."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from adapters.storage.tables import board_members, seasons
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new, insert_or_replace
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.ports import Boards
from knowledge_base.seasons import Season

_SEASONS = select(seasons).where(seasons.c.community_id == bindparam("community")).order_by(seasons.c.first)
_REMOVE = delete(seasons).where(
    seasons.c.community_id == bindparam("community"), seasons.c.name == bindparam("of_name")
)
_JOINED = select(board_members.c.member).where(board_members.c.community_id == bindparam("community"))
_LEAVE = delete(board_members).where(
    board_members.c.community_id == bindparam("community"), board_members.c.member == bindparam("of_member")
)
_MEMBER_KEY = ("community_id", "member")


class SqlBoards(Boards):
    """See :class:`knowledge_base.ports.Boards`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def seasons(self, community: CommunityId) -> Sequence[Season]:
        """Every season, the earliest first."""
        rows = await self._transaction.rows(_SEASONS, {"community": community})
        return [Season(row.community_id, row.name, row.first, row.last) for row in rows]

    async def put_season(self, season: Season) -> None:
        """Store a season, in place of one of the same name."""
        row = {"community_id": season.community, "name": season.name, "first": season.first, "last": season.last}
        await self._transaction.run(insert_or_replace(seasons, self._transaction.dialect), row)

    async def remove_season(self, community: CommunityId, name: str) -> bool:
        """Remove one; False if there was none of that name."""
        return await self._transaction.run(_REMOVE, {"community": community, "of_name": name}) > 0

    async def join(self, community: CommunityId, member: MemberId, now: datetime) -> None:
        """A member wants to be named there."""
        row = {"community_id": community, "member": member, "at": now}
        await self._transaction.run(insert_if_new(board_members, _MEMBER_KEY, self._transaction.dialect), row)

    async def leave(self, community: CommunityId, member: MemberId) -> bool:
        """They do not want to any more; False if they did not before."""
        return await self._transaction.run(_LEAVE, {"community": community, "of_member": member}) > 0

    async def joined(self, community: CommunityId) -> frozenset[MemberId]:
        """Who wants to be named there."""
        rows = await self._transaction.rows(_JOINED, {"community": community})
        return frozenset(MemberId(row.member) for row in rows)
