"""What voices are to hear, and who does not want to."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from adapters.storage.tables import announcements, members, mutes
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.announcements import Announcement
from knowledge_base.ids import AnnouncementId, CommunityId, InsightId, MemberId
from knowledge_base.members import Recording
from knowledge_base.ports import Announcements, Mutes

_ALL = ""
_IN_COMMUNITY = announcements.c.community_id == bindparam("community")
_THIS = (_IN_COMMUNITY, announcements.c.announcement == bindparam("of_announcement"))
_ADD = insert(announcements)
_GET = select(announcements).where(*_THIS)
_REPLACE = update(announcements).where(*_THIS)
_OF_INSIGHT = (
    select(announcements)
    .where(_IN_COMMUNITY, announcements.c.insight == bindparam("of_insight"))
    .order_by(announcements.c.change, announcements.c.at, announcements.c.announcement)
)
_THEIRS = (mutes.c.community_id == bindparam("community"), mutes.c.member == bindparam("of_member"))
_MUTED = select(mutes.c.insight).where(*_THEIRS).order_by(mutes.c.at, mutes.c.insight)
_UNMUTE = delete(mutes).where(*_THEIRS, mutes.c.insight == bindparam("of_insight"))
_UNMUTE_ALL = delete(mutes).where(*_THEIRS)
_DEAF = select(mutes.c.member).where(
    mutes.c.community_id == bindparam("community"),
    mutes.c.insight.in_((_ALL, bindparam("of_insight", type_=mutes.c.insight.type))),
    mutes.c.member.in_(bindparam("of_members", expanding=True)),
)
_STOPPED = select(members.c.member).where(
    members.c.community_id == bindparam("community"),
    members.c.recording == Recording.STOPPED,
    members.c.member.in_(bindparam("of_members", expanding=True)),
)
_MUTE_KEY = ("community_id", "member", "insight")


class SqlAnnouncements(Announcements):
    """See :class:`knowledge_base.ports.Announcements`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, announcement: Announcement) -> None:
        """Store a new one."""
        await self._transaction.run(
            _ADD,
            {
                "community_id": announcement.community,
                "announcement": announcement.id,
                "insight": announcement.insight,
                "change": announcement.change,
                "status": announcement.status,
                **_changeable(announcement),
            },
        )

    async def replace(self, announcement: Announcement) -> None:
        """Store its text, its state, and who gave it that when."""
        this = {"community": announcement.community, "of_announcement": announcement.id}
        await self._transaction.run(_REPLACE, {**this, **_changeable(announcement)})

    async def get(self, community: CommunityId, announcement: AnnouncementId) -> Announcement | None:
        """One, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_announcement": announcement})
        return None if row is None else _announcement(row)

    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Announcement]:
        """Those of an insight, in the order of its changes of status."""
        rows = await self._transaction.rows(_OF_INSIGHT, {"community": community, "of_insight": insight})
        return [_announcement(row) for row in rows]


class SqlMutes(Mutes):
    """See :class:`knowledge_base.ports.Mutes`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, community: CommunityId, member: MemberId, insight: InsightId | None, now: datetime) -> None:
        """A member wants to hear nothing more of an insight, or of any."""
        row = {"community_id": community, "member": member, "insight": insight or _ALL, "at": now}
        await self._transaction.run(insert_if_new(mutes, _MUTE_KEY, self._transaction.dialect), row)

    async def remove(self, community: CommunityId, member: MemberId, insight: InsightId | None) -> None:
        """They want to again."""
        who = {"community": community, "of_member": member}
        if insight is None:
            await self._transaction.run(_UNMUTE_ALL, who)
        else:
            await self._transaction.run(_UNMUTE, {**who, "of_insight": insight})

    async def of_member(self, community: CommunityId, member: MemberId) -> Sequence[InsightId | None]:
        """What a member muted, None for all, longest first."""
        rows = await self._transaction.rows(_MUTED, {"community": community, "of_member": member})
        return [InsightId(row.insight) if row.insight != _ALL else None for row in rows]

    async def unwilling(
        self, community: CommunityId, insight: InsightId, members: Collection[MemberId]
    ) -> frozenset[MemberId]:
        """Which of these members muted the insight or all, or stopped recording."""
        if not members:
            return frozenset()
        asked = {"community": community, "of_members": sorted(members)}
        deaf = await self._transaction.rows(_DEAF, {**asked, "of_insight": insight})
        stopped = await self._transaction.rows(_STOPPED, asked)
        return frozenset(MemberId(row.member) for row in (*deaf, *stopped))


def _changeable(announcement: Announcement) -> dict[str, object]:
    return {
        "text": announcement.text,
        "by": announcement.by,
        "at": announcement.at,
        "state": announcement.state,
    }


def _announcement(row: StoredRow) -> Announcement:
    return Announcement(
        row.announcement,
        row.community_id,
        row.insight,
        row.change,
        row.status,
        row.text,
        row.by,
        row.at,
        row.state,
    )
