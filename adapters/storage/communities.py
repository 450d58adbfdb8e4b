"""Communities and their spaces."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, or_, select, text, update

from adapters.storage import locks
from adapters.storage.errors import UnknownSpace
from adapters.storage.tables import (
    answers,
    communities,
    insights,
    levels,
    metadata,
    partner_groups,
    partners,
    permissions,
    reminder_settings,
    reminders,
    retentions,
    rewards,
    schedules,
    seasons,
    spaces,
    tags,
    teams,
    terms,
    topics,
)
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.ids import ChannelId, CommunityId, SpaceId
from knowledge_base.insights import Status
from knowledge_base.members import Policy
from knowledge_base.partners import PartnerState
from knowledge_base.ports import Communities

OF_SPACE = select(spaces.c.community_id).where(spaces.c.space == bindparam("of_space")).scalar_subquery()
"""The community of a space, inside a statement that is given ``of_space``."""

FOUNDING = "founding"
"""The lock held to add a community or a channel: one for all, so that nobody waits in a circle."""

_OF_SPACE = select(spaces.c.community_id).where(spaces.c.space == bindparam("space"))
_OF_SPACE_HELD = _OF_SPACE.with_for_update(read=True, key_share=True)
"""So that the space stays with its community until the unit of work ends: what it writes must not be left behind."""
_ADMIN_CHANNEL = select(communities.c.admin_space, communities.c.admin_channel).where(
    communities.c.community_id == bindparam("community"), communities.c.admin_channel.is_not(None)
)
_CHOOSE_ADMIN_CHANNEL = (
    update(communities)
    .where(communities.c.community_id == bindparam("community"))
    .values(admin_space=bindparam("of_space"), admin_channel=bindparam("of_channel"))
)
_POLICY = select(communities.c.policy).where(communities.c.community_id == bindparam("community"))
_CHOOSE_POLICY = (
    update(communities).where(communities.c.community_id == bindparam("community")).values(policy=bindparam("chosen"))
)
_TOLD = select(communities.c.told).where(communities.c.community_id == bindparam("community"))
_CHOOSE_TOLD = (
    update(communities).where(communities.c.community_id == bindparam("community")).values(told=bindparam("chosen"))
)
_ALL = select(communities).order_by(communities.c.created_at, communities.c.community_id)
_EXPECTED = _ALL.where(~exists().where(spaces.c.community_id == communities.c.community_id)).limit(1)
_SPACES = select(spaces.c.space).where(spaces.c.community_id == bindparam("community")).order_by(spaces.c.space)
_IS_NEW = select(
    or_(
        *(
            exists().where(table.c.community_id == bindparam("community"))
            for table in (insights, answers, teams, tags, topics, rewards)
        )
    ).label("began")
)
_CHECK_LATER = {
    "sqlite": text("PRAGMA defer_foreign_keys = ON"),
    "postgresql": text("SET CONSTRAINTS ALL DEFERRED"),
}
_MOVES = [
    update(table).where(table.c.community_id == bindparam("absorbed")).values(community_id=bindparam("community"))
    # the space first: whoever writes for it is waited for, and what they wrote is moved too
    for table in (spaces, *(table for table in metadata.sorted_tables if table not in (communities, spaces)))
]
_TWIN = schedules.alias("twin")
_DROPS = [
    delete(retentions).where(retentions.c.community_id == bindparam("absorbed")),
    delete(terms).where(terms.c.community_id == bindparam("absorbed")),
    delete(permissions).where(permissions.c.community_id == bindparam("absorbed")),
    delete(partner_groups).where(partner_groups.c.community_id == bindparam("absorbed")),
    # they said yes to another group; a no holds
    delete(partners).where(partners.c.community_id == bindparam("absorbed"), partners.c.state != PartnerState.DECLINED),
    delete(levels).where(levels.c.community_id == bindparam("absorbed")),
    delete(seasons).where(seasons.c.community_id == bindparam("absorbed")),
    delete(reminders).where(reminders.c.community_id == bindparam("absorbed")),
    delete(reminder_settings).where(reminder_settings.c.community_id == bindparam("absorbed")),
    delete(schedules).where(
        schedules.c.community_id == bindparam("absorbed"),
        or_(
            schedules.c.name.like("retention:%"),
            schedules.c.name.in_(("partners", "reminder")),
            schedules.c.name.in_(select(_TWIN.c.name).where(_TWIN.c.community_id == bindparam("community"))),
        ),
    ),
]
"""What the community that it joins has chosen for all."""
_REMOVE = delete(communities).where(communities.c.community_id == bindparam("absorbed"))


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
        await self.expect(community, name, now)
        await self.add_space(community, space)

    async def expect(self, community: CommunityId, name: str, now: datetime) -> None:
        """Create a community without any space, or leave it as it is."""
        counters = {"last_insight": 0, "last_route": 0, "last_voice": 0}
        await self._transaction.run(
            insert_if_new(communities, ("community_id",), self._transaction.dialect),
            {"community_id": community, "name": name, "created_at": now, **counters},
        )

    async def expected(self) -> CommunityId | None:
        """The oldest community that has no space yet, or None."""
        row = await self._transaction.row(_EXPECTED)
        return None if row is None else CommunityId(row.community_id)

    async def all(self) -> Sequence[tuple[CommunityId, str]]:
        """Every community with its name, oldest first."""
        return [(CommunityId(row.community_id), row.name) for row in await self._transaction.rows(_ALL)]

    async def add_space(self, community: CommunityId, space: SpaceId) -> None:
        """Make a space that belongs to no community yet one more of this community's."""
        # a space of another community is not passed over but refused, by its being unique
        statement = insert_if_new(spaces, ("community_id", "space"), self._transaction.dialect)
        await self._transaction.run(statement, {"community_id": community, "space": space})

    async def spaces(self, community: CommunityId) -> Sequence[SpaceId]:
        """Its spaces, sorted."""
        rows = await self._transaction.rows(_SPACES, {"community": community})
        return [SpaceId(row.space) for row in rows]

    async def admin_channel(self, community: CommunityId) -> tuple[SpaceId, ChannelId] | None:
        """Where admins hear what needs them, or None."""
        row = await self._transaction.row(_ADMIN_CHANNEL, {"community": community})
        return None if row is None else (SpaceId(row.admin_space), ChannelId(row.admin_channel))

    async def choose_admin_channel(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> None:
        """It is there from now on."""
        chosen = {"community": community, "of_space": space, "of_channel": channel}
        await self._transaction.run(_CHOOSE_ADMIN_CHANNEL, chosen)

    async def policy(self, community: CommunityId) -> Policy:
        """What holds for members who chose nothing."""
        (row,) = await self._transaction.rows_once(_POLICY, {"community": community})
        return Policy(row.policy)

    async def choose_policy(self, community: CommunityId, policy: Policy) -> None:
        """It holds from now on."""
        await self._transaction.run(_CHOOSE_POLICY, {"community": community, "chosen": policy})

    async def told(self, community: CommunityId) -> Sequence[Status]:
        """The statuses of which customers are told."""
        (row,) = await self._transaction.rows_once(_TOLD, {"community": community})
        return [Status(one) for one in row.told]

    async def choose_told(self, community: CommunityId, statuses: Sequence[Status]) -> None:
        """Customers are told of these from now on."""
        await self._transaction.run(_CHOOSE_TOLD, {"community": community, "chosen": tuple(map(str, statuses))})

    async def is_new(self, community: CommunityId) -> bool:
        """Whether it has no insight, no answer, no team and no tag yet."""
        (row,) = await self._transaction.rows(_IS_NEW, {"community": community})
        return not row.began

    async def absorb(self, other: CommunityId, community: CommunityId) -> None:
        """Give all that belongs to ``other`` to ``community``, table by table; references are checked at the end."""
        await self._transaction.run(_CHECK_LATER[self._transaction.dialect])
        told = await self.admin_channel(other)
        if told is not None and await self.admin_channel(community) is None:
            await self.choose_admin_channel(community, *told)
        if await self.policy(other) is Policy.OPT_IN:
            await self.choose_policy(community, Policy.OPT_IN)
        for drop in _DROPS:
            await self._transaction.run(drop, {"absorbed": other, "community": community})
        for move in _MOVES:
            await self._transaction.run(move, {"absorbed": other, "community": community})
        await self._transaction.run(_REMOVE, {"absorbed": other})

    async def lock(self, community: CommunityId) -> None:
        """Hold the right to create and merge insights until the unit of work ends."""
        await locks.hold(self._transaction, [f"community {community}"])


async def community_of(transaction: Transaction, space: SpaceId) -> CommunityId | None:
    """The community a space belongs to, or None."""
    rows = await transaction.rows_once(_OF_SPACE_HELD if transaction.writes else _OF_SPACE, {"space": space})
    return CommunityId(rows[0].community_id) if rows else None


async def known_community_of(transaction: Transaction, space: SpaceId) -> CommunityId:
    """The community a space belongs to. Raises :class:`UnknownSpace`."""
    community = await community_of(transaction, space)
    if community is None:
        raise UnknownSpace(f"space {space} belongs to no community yet; found its community first")
    return community
