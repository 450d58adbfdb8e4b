"""Who is told of an announcement by which post."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam, case, func, insert, select, update

from adapters.storage.tables import announcements, outbox, tellings
from adapters.storage.transaction import StoredRow, Transaction, Waiting
from dialogue.actions import OutboxId
from dialogue.closing.storing import Heard, Notice, Telling, Tellings
from dialogue.rows import OutboxState
from knowledge_base.ids import AnnouncementId, CommunityId, InsightId, MemberId, MessageId
from knowledge_base.insights import Status

_IN_COMMUNITY = tellings.c.community_id == bindparam("community")
_POSTED = tellings.join(outbox, (outbox.c.community_id == tellings.c.community_id) & (outbox.c.id == tellings.c.post))
_ANNOUNCED = (announcements.c.community_id == tellings.c.community_id) & (
    announcements.c.announcement == tellings.c.announcement
)
_UNREACHED, _WAITING, _HEARD = range(3)
_A_TIME: Final = 1_000
"""Insights that one statement asks for: databases take only so many values."""

_ADD = insert(tellings)
_BY_POST = select(tellings).where(_IN_COMMUNITY, tellings.c.post == bindparam("of_post")).order_by(tellings.c.message)
_OF_ANNOUNCEMENT = (
    select(tellings, outbox.c.state)
    .select_from(_POSTED)
    .where(_IN_COMMUNITY, tellings.c.announcement == bindparam("of_announcement"))
    .order_by(tellings.c.member)
)
_TOLD = (
    select(tellings.c.member)
    .select_from(_POSTED.join(announcements, _ANNOUNCED))
    .where(
        _IN_COMMUNITY,
        announcements.c.insight == bindparam("of_insight"),
        announcements.c.status == bindparam("of_status"),
        outbox.c.state.not_in((OutboxState.DROPPED, OutboxState.UNDELIVERABLE)),
    )
)
_OF_MEMBER = (
    select(announcements.c.insight, announcements.c.status, tellings.c.space, tellings.c.channel)
    .select_from(_POSTED.join(announcements, _ANNOUNCED))
    .where(_IN_COMMUNITY, tellings.c.member == bindparam("of_member"), outbox.c.state == OutboxState.SENT)
    .order_by(announcements.c.at, announcements.c.announcement)
)
_FAR = func.max(
    case(
        (outbox.c.state == OutboxState.SENT, _HEARD),
        (outbox.c.state == OutboxState.OPEN, _WAITING),
        else_=_UNREACHED,
    )
).label("far")
_BY_MEMBER = (
    select(announcements.c.insight, tellings.c.member, _FAR)
    .select_from(_POSTED.join(announcements, _ANNOUNCED))
    .where(
        _IN_COMMUNITY,
        announcements.c.insight.in_(bindparam("of_insights", expanding=True)),
        announcements.c.status == bindparam("of_status"),
        outbox.c.state != OutboxState.DROPPED,
    )
    .group_by(announcements.c.insight, tellings.c.member)
    .subquery("by_member")
)
_COUNTED = select(_BY_MEMBER.c.insight, _BY_MEMBER.c.far, func.count().label("people")).group_by(
    _BY_MEMBER.c.insight, _BY_MEMBER.c.far
)
_SHOWING = (
    select(tellings)
    .where(
        _IN_COMMUNITY,
        tellings.c.channel.is_not(None),
        tellings.c.message.in_(bindparam("of_messages", expanding=True)),
    )
    .order_by(tellings.c.post, tellings.c.member)
)
_TELL_BY = (
    update(tellings)
    .where(
        _IN_COMMUNITY,
        tellings.c.announcement == bindparam("of_announcement"),
        tellings.c.member == bindparam("of_member"),
    )
    .values(message=bindparam("says"), post=bindparam("by"), space=bindparam("into"), channel=bindparam("there"))
)


class SqlTellings(Tellings):
    """See :class:`dialogue.closing.storing.Tellings`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, community: CommunityId, tellings: Sequence[Telling]) -> None:
        """Remember who will be told how."""
        rows: list[Waiting] = [
            {
                "community_id": community,
                "announcement": telling.announcement,
                "member": telling.member,
                "message": telling.message,
                "post": telling.post,
                "space": telling.space,
                "channel": telling.channel,
            }
            for telling in tellings
        ]
        if rows:
            self._transaction.write_soon(_ADD, *rows)

    async def by_post(self, community: CommunityId, post: OutboxId) -> Sequence[Telling]:
        """Whom a post tells, by message."""
        rows = await self._transaction.rows(_BY_POST, {"community": community, "of_post": post})
        return [_telling(row) for row in rows]

    async def of_announcement(
        self, community: CommunityId, announcement: AnnouncementId
    ) -> Sequence[tuple[Telling, OutboxState]]:
        """Everybody who is told of it, and what became of the post."""
        asked = {"community": community, "of_announcement": announcement}
        return [(_telling(row), row.state) for row in await self._transaction.rows(_OF_ANNOUNCEMENT, asked)]

    async def told(self, community: CommunityId, insight: InsightId, status: Status) -> frozenset[MemberId]:
        """Who heard that an insight has that status, or still will."""
        asked = {"community": community, "of_insight": insight, "of_status": status}
        return frozenset(MemberId(row.member) for row in await self._transaction.rows(_TOLD, asked))

    async def of_member(self, community: CommunityId, member: MemberId) -> Sequence[Notice]:
        """What a member was told."""
        rows = await self._transaction.rows(_OF_MEMBER, {"community": community, "of_member": member})
        return [Notice(row.insight, row.status, row.space, row.channel) for row in rows]

    async def heard(
        self, community: CommunityId, insights: Collection[InsightId], status: Status
    ) -> Mapping[InsightId, Heard]:
        """Who heard of each, counted."""
        counted: dict[InsightId, dict[int, int]] = {}
        ordered = sorted(insights)
        for begin in range(0, len(ordered), _A_TIME):
            asked = {"community": community, "of_insights": ordered[begin : begin + _A_TIME], "of_status": status}
            for row in await self._transaction.rows(_COUNTED, asked):
                counted.setdefault(row.insight, {})[row.far] = row.people
        return {
            insight: Heard(far.get(_HEARD, 0), far.get(_UNREACHED, 0), far.get(_WAITING, 0))
            for insight, far in counted.items()
        }

    async def showing(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Telling]:
        """The tellings that quote one of these messages in a channel."""
        if not messages:
            return []
        asked = {"community": community, "of_messages": sorted(messages)}
        return [_telling(row) for row in await self._transaction.rows(_SHOWING, asked)]

    async def tell_by(self, community: CommunityId, telling: Telling) -> None:
        """The member is told by this post instead of the one before."""
        await self._transaction.run(
            _TELL_BY,
            {
                "community": community,
                "of_announcement": telling.announcement,
                "of_member": telling.member,
                "says": telling.message,
                "by": telling.post,
                "into": telling.space,
                "there": telling.channel,
            },
        )


def _telling(row: StoredRow) -> Telling:
    return Telling(row.announcement, row.member, row.message, row.post, row.space, row.channel)
