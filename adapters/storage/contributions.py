"""The ledger of contributions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from adapters.storage.tables import contributions
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.contributions import Cause, CauseKind, Contribution, Share
from knowledge_base.ids import CommunityId, ContributionId, MemberId
from knowledge_base.ports import Contributions

_C = contributions.c
_STANDS = (_C.community_id == bindparam("community"), _C.reversed_at.is_(None))
_SINCE = _C.at >= bindparam("since", type_=_C.at.type)
_THEIRS = _C.member == bindparam("of_member")
_LATEST = (_C.at.desc(), _C.contribution)
_ADD = insert(contributions)
_REVERSE = update(contributions).where(*_STANDS, _C.contribution == bindparam("of_contribution"))
# not put in order here: SQLite would go through all there are in that order
_OF_CAUSES = select(contributions).where(
    *_STANDS,
    _C.cause.in_(bindparam("of_causes", expanding=True)),
    _C.cause_kind == bindparam("of_kind", type_=_C.cause_kind.type),
)
_OF_MEMBER = select(contributions).where(*_STANDS, _THEIRS).order_by(*_LATEST)
_OF_MEMBER_SINCE = _OF_MEMBER.where(_SINCE)
_GIVEN_BY = select(contributions).where(*_STANDS, _C.by == bindparam("of_member"), _SINCE).order_by(*_LATEST)
_TOTAL = select(func.coalesce(func.sum(_C.points), 0).label("points")).where(*_STANDS, _THEIRS)
_TOTAL_SINCE = _TOTAL.where(_SINCE)
_SHARES = (
    select(_C.member, _C.kind, func.count().label("times"), func.sum(_C.points).label("points"))
    .where(*_STANDS, _C.guard.is_(None), _SINCE, _C.at < bindparam("until", type_=_C.at.type))
    .group_by(_C.member, _C.kind)
    .order_by(_C.member, _C.kind)
)
_FIRST_AT = (
    select(_C.member, func.min(_C.at, type_=_C.at.type).label("first_at"))
    .where(*_STANDS, _C.guard.is_(None), _C.member.in_(bindparam("of_members", expanding=True)))
    .group_by(_C.member)
)
_CONTRIBUTORS = select(_C.member).where(*_STANDS, _C.guard.is_(None)).distinct()
_HELD_BACK = select(contributions).where(*_STANDS, _C.guard.is_not(None), _SINCE).order_by(*_LATEST)
_IN_COMMUNITY = _C.community_id == bindparam("community")
_FORGET = delete(contributions).where(_IN_COMMUNITY, _THEIRS)
_FORGET_GIVER = update(contributions).where(_IN_COMMUNITY, _C.by == bindparam("of_member")).values(by=None)


class SqlContributions(Contributions):
    """See :class:`knowledge_base.ports.Contributions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, contributions: Sequence[Contribution]) -> None:
        """Add lines to the ledger."""
        for one in contributions:
            await self._transaction.run(_ADD, _row(one))

    async def reverse(self, community: CommunityId, these: Collection[ContributionId], now: datetime) -> None:
        """Their cause is undone."""
        for one in sorted(these):
            this = {"community": community, "of_contribution": one}
            await self._transaction.run(_REVERSE, {**this, "reversed_at": now})

    async def of_causes(
        self, community: CommunityId, kind: CauseKind, causes: Collection[str]
    ) -> Sequence[Contribution]:
        """What came of these, by their ids, and is not reversed, oldest first."""
        if not causes:
            return ()
        asked = {"community": community, "of_causes": sorted(causes), "of_kind": kind}
        return sorted(await self._found(_OF_CAUSES, asked), key=lambda one: (one.at, one.id))

    async def of_member(
        self, community: CommunityId, member: MemberId, since: datetime | None = None
    ) -> Sequence[Contribution]:
        """What a member contributed and is not reversed, latest first."""
        who = {"community": community, "of_member": member}
        if since is None:
            return await self._found(_OF_MEMBER, who)
        return await self._found(_OF_MEMBER_SINCE, {**who, "since": since})

    async def given_by(self, community: CommunityId, member: MemberId, since: datetime) -> Sequence[Contribution]:
        """What others got from a member and is not reversed, latest first."""
        return await self._found(_GIVEN_BY, {"community": community, "of_member": member, "since": since})

    async def total(self, community: CommunityId, member: MemberId, since: datetime | None = None) -> int:
        """The points of all that a member contributed and is not reversed."""
        who = {"community": community, "of_member": member}
        statement, asked = (_TOTAL, who) if since is None else (_TOTAL_SINCE, {**who, "since": since})
        (row,) = await self._transaction.rows(statement, asked)
        return int(row.points)

    async def shares(self, community: CommunityId, since: datetime, until: datetime) -> Sequence[Share]:
        """What counts of that time, by member and kind."""
        asked = {"community": community, "since": since, "until": until}
        rows = await self._transaction.rows(_SHARES, asked)
        return [Share(row.member, row.kind, row.times, int(row.points)) for row in rows]

    async def first_at(self, community: CommunityId, members: Collection[MemberId]) -> Mapping[MemberId, datetime]:
        """When each of these members first contributed something that counts."""
        if not members:
            return {}
        rows = await self._transaction.rows(_FIRST_AT, {"community": community, "of_members": sorted(members)})
        return {row.member: row.first_at for row in rows}

    async def contributors(self, community: CommunityId) -> frozenset[MemberId]:
        """Whoever contributed something that counts and is not reversed."""
        rows = await self._transaction.rows(_CONTRIBUTORS, {"community": community})
        return frozenset(MemberId(row.member) for row in rows)

    async def held_back(self, community: CommunityId, since: datetime) -> Sequence[Contribution]:
        """What guards held back and is not reversed, latest first."""
        return await self._found(_HELD_BACK, {"community": community, "since": since})

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """Remove all that a member contributed; what others got from them stays, given by nobody."""
        for statement in (_FORGET, _FORGET_GIVER):
            await self._transaction.run(statement, {"community": community, "of_member": member})

    async def _found(
        self, statement: Select[tuple[object, ...]], asked: Mapping[str, object]
    ) -> Sequence[Contribution]:
        return [_contribution(row) for row in await self._transaction.rows(statement, asked)]


def _row(one: Contribution) -> dict[str, object]:
    return {
        "community_id": one.community,
        "contribution": one.id,
        "member": one.member,
        "kind": one.kind,
        "points": one.points,
        "cause_kind": one.cause.kind,
        "cause": one.cause.id,
        "at": one.at,
        "by": one.by,
        "step": one.step,
        "guard": one.guard,
        "reversed_at": one.reversed_at,
    }


def _contribution(row: StoredRow) -> Contribution:
    return Contribution(
        row.contribution,
        row.community_id,
        row.member,
        row.kind,
        row.points,
        Cause(row.cause_kind, row.cause),
        row.at,
        row.by,
        row.step,
        row.guard,
        row.reversed_at,
    )
