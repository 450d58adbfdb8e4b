"""The audit log."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, insert, or_, select

from adapters.storage.tables import audit
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.audit import AuditEntry, Granted
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.ports import Audit

_ADD = insert(audit)
_IN_COMMUNITY = audit.c.community_id == bindparam("community")
_ALL = select(audit).where(_IN_COMMUNITY).order_by(audit.c.at, audit.c.entry)
_GRANTED = (
    select(audit).where(_IN_COMMUNITY, audit.c.granted == Granted.YES).order_by(audit.c.at.desc(), audit.c.entry.desc())
)
_LATEST = (
    select(audit).where(_IN_COMMUNITY).order_by(audit.c.at.desc(), audit.c.entry.desc()).limit(bindparam("at_most"))
)


class SqlAudit(Audit):
    """See :class:`knowledge_base.ports.Audit`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, entry: AuditEntry) -> None:
        """Keep an entry for good."""
        row = {
            "community_id": entry.community,
            "entry": entry.id,
            "at": entry.at,
            "by": entry.by,
            "role": entry.role,
            "deed": entry.deed,
            "about": entry.about,
            "space": entry.space,
            "channel": entry.channel,
            "granted": entry.granted,
        }
        await self._transaction.run(_ADD, row)

    async def all(self, community: CommunityId) -> Sequence[AuditEntry]:
        """Every entry, oldest first."""
        return [_entry(row) for row in await self._transaction.rows(_ALL, {"community": community})]

    async def on(
        self, community: CommunityId, insights: Collection[InsightId], numbers: Collection[int]
    ) -> Sequence[AuditEntry]:
        """What was granted on one of these insights, or on any message, newest first."""
        words = [*insights, *(f"insight={mark}{number}" for number in numbers for mark in ("", "#"))]
        named = [
            audit.c.about.in_(words),
            *(audit.c.about.startswith(f"{word} ", autoescape=True) for word in words),
            audit.c.about.contains("message="),
        ]
        rows = await self._transaction.rows(_GRANTED.where(or_(*named)), {"community": community})
        return [_entry(row) for row in rows]

    async def latest(self, community: CommunityId, limit: int) -> Sequence[AuditEntry]:
        """The latest entries, newest first."""
        rows = await self._transaction.rows(_LATEST, {"community": community, "at_most": limit})
        return [_entry(row) for row in rows]


def _entry(row: StoredRow) -> AuditEntry:
    return AuditEntry(
        id=row.entry,
        community=row.community_id,
        at=row.at,
        by=row.by,
        role=row.role,
        deed=row.deed,
        about=row.about,
        space=row.space,
        channel=row.channel,
        granted=row.granted,
    )
