"""Learning partners, and which summaries they were sent."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, exists, func, insert, select

from adapters.storage.tables import (
    announcements,
    messages,
    partner_groups,
    partners,
    summaries,
    summary_lines,
    voices,
)
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from dialogue.actions import OutboxId
from dialogue.rows import PostedSummary
from dialogue.standing import Summaries
from knowledge_base.announcements import AnnouncementState
from knowledge_base.ids import CommunityId, InsightId, MemberId
from knowledge_base.partners import Partner, PartnerGroup, PartnerState, SummaryLine
from knowledge_base.ports import Partners

_GROUP: Final = select(partner_groups).where(partner_groups.c.community_id == bindparam("community"))
_REMOVE_GROUP: Final = delete(partner_groups).where(partner_groups.c.community_id == bindparam("community"))
_ALL: Final = (
    select(partners).where(partners.c.community_id == bindparam("community")).order_by(partners.c.at, partners.c.member)
)
_GET: Final = _ALL.where(partners.c.member == bindparam("of_member"))
_REMOVE: Final = delete(partners).where(
    partners.c.community_id == bindparam("community"), partners.c.member == bindparam("of_member")
)
_HEARD: Final = (
    select(voices.c.insight, func.max(voices.c.number).label("last"))
    .select_from(partners)
    .join(messages, (messages.c.community_id == partners.c.community_id) & (messages.c.author == partners.c.member))
    .join(voices, (voices.c.community_id == messages.c.community_id) & (voices.c.message == messages.c.message))
    .where(
        partners.c.community_id == bindparam("community"),
        partners.c.state == PartnerState.PARTNER,
        voices.c.number > bindparam("after"),
        voices.c.number <= bindparam("upto"),
    )
    .group_by(voices.c.insight)
    .order_by(func.max(voices.c.number).desc())
)
_TOLD: Final = (
    select(announcements.c.insight, announcements.c.status)
    .where(
        announcements.c.community_id == bindparam("community"),
        announcements.c.state == AnnouncementState.SENT,
        announcements.c.at > bindparam("since"),
        announcements.c.at <= bindparam("until"),
    )
    .order_by(announcements.c.at.desc(), announcements.c.announcement)
)
_LINES: Final = (
    select(summary_lines.c.insight, summary_lines.c.status)
    .where(summary_lines.c.community_id == bindparam("community"), summary_lines.c.post == bindparam("of_post"))
    .order_by(summary_lines.c.number)
)
_THAT_TELL: Final = (
    select(summaries)
    .where(
        summaries.c.community_id == bindparam("community"),
        exists().where(
            summary_lines.c.community_id == summaries.c.community_id,
            summary_lines.c.post == summaries.c.post,
            summary_lines.c.insight.in_(bindparam("insights", expanding=True)),
        ),
    )
    .order_by(summaries.c.at, summaries.c.post)
)
_ADD: Final = insert(summaries)
_ADD_LINE: Final = insert(summary_lines)


class SqlPartners(Partners):
    """See :class:`knowledge_base.ports.Partners`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def group(self, community: CommunityId) -> PartnerGroup | None:
        """Where it talks, or None."""
        row = await self._transaction.row(_GROUP, {"community": community})
        if row is None:
            return None
        return PartnerGroup(row.community_id, row.space, row.channel, row.role, row.told_until, row.told_voice)

    async def put_group(self, group: PartnerGroup) -> None:
        """Create or change it."""
        row = {
            "community_id": group.community,
            "space": group.space,
            "channel": group.channel,
            "role": group.role,
            "told_until": group.told_until,
            "told_voice": group.told_voice,
        }
        await self._transaction.run(insert_or_replace(partner_groups, self._transaction.dialect), row)

    async def remove_group(self, community: CommunityId) -> None:
        """It has no channel any more."""
        await self._transaction.run(_REMOVE_GROUP, {"community": community})

    async def all(self, community: CommunityId) -> Sequence[Partner]:
        """Everybody who was invited."""
        rows = await self._transaction.rows(_ALL, {"community": community})
        return [Partner(row.community_id, row.member, row.state, row.by, row.at) for row in rows]

    async def get(self, community: CommunityId, member: MemberId) -> Partner | None:
        """One of them, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_member": member})
        return None if row is None else Partner(row.community_id, row.member, row.state, row.by, row.at)

    async def put(self, partner: Partner) -> None:
        """Create or change one."""
        row = {
            "community_id": partner.community,
            "member": partner.member,
            "state": partner.state,
            "by": partner.by,
            "at": partner.at,
        }
        await self._transaction.run(insert_or_replace(partners, self._transaction.dialect), row)

    async def remove(self, community: CommunityId, member: MemberId) -> None:
        """Forget that they were invited."""
        await self._transaction.run(_REMOVE, {"community": community, "of_member": member})

    async def news(self, group: PartnerGroup, until: datetime, last_voice: int) -> Sequence[SummaryLine]:
        """What voices were told, and what partners said."""
        since = {"community": group.community, "since": group.told_until, "until": until}
        after = {"community": group.community, "after": group.told_voice, "upto": last_voice}
        told = [SummaryLine(row.insight, row.status) for row in await self._transaction.rows(_TOLD, since)]
        heard = [SummaryLine(row.insight, None) for row in await self._transaction.rows(_HEARD, after)]
        return list(dict.fromkeys((*told, *heard)))


class SqlSummaries(Summaries):
    """See :class:`dialogue.standing.Summaries`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, community: CommunityId, summary: PostedSummary, lines: Sequence[SummaryLine]) -> None:
        """Remember a summary."""
        row = {
            "community_id": community,
            "post": summary.post,
            "space": summary.space,
            "channel": summary.channel,
            "at": summary.at,
        }
        await self._transaction.run(_ADD, row)
        for number, line in enumerate(lines, start=1):
            of = {"community_id": community, "post": summary.post, "number": number}
            await self._transaction.run(_ADD_LINE, {**of, "insight": line.insight, "status": line.status})

    async def lines(self, community: CommunityId, post: OutboxId) -> Sequence[SummaryLine]:
        """What it tells of."""
        rows = await self._transaction.rows(_LINES, {"community": community, "of_post": post})
        return [SummaryLine(row.insight, row.status) for row in rows]

    async def that_tell(self, community: CommunityId, insights: Collection[InsightId]) -> Sequence[PostedSummary]:
        """Those that tell of one of these, oldest first."""
        if not insights:
            return []
        rows = await self._transaction.rows(_THAT_TELL, {"community": community, "insights": sorted(insights)})
        return [PostedSummary(row.post, row.space, row.channel, row.at) for row in rows]
