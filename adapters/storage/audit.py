"""The audit log."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select

from adapters.storage.tables import audit
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.audit import AuditEntry
from knowledge_base.ids import CommunityId
from knowledge_base.ports import Audit

_ADD = insert(audit)
_IN_COMMUNITY = audit.c.community_id == bindparam("community")
_ALL = select(audit).where(_IN_COMMUNITY).order_by(audit.c.at, audit.c.entry)
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
