"""What staff corrected."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, or_, select, update

from adapters.storage.tables import corrections
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.corrections import Correction
from knowledge_base.ids import CommunityId, CorrectionId, InsightId
from knowledge_base.ports import Corrections

_UNDO = (
    update(corrections)
    .where(
        corrections.c.community_id == bindparam("community"),
        corrections.c.correction == bindparam("of_correction"),
        corrections.c.undone_at.is_(None),
    )
    .values(undone_at=bindparam("undone"))
)
_LATEST = (
    select(corrections)
    .where(corrections.c.community_id == bindparam("community"))
    .order_by(corrections.c.number.desc())
    .limit(bindparam("most"))
)
_ABOUT = (
    select(corrections)
    .where(
        corrections.c.community_id == bindparam("community"),
        corrections.c.undone_at.is_(None),
        or_(corrections.c.insight == bindparam("of_insight"), corrections.c.other == bindparam("of_insight")),
    )
    .order_by(corrections.c.number.desc())
)
_LAST = select(func.coalesce(func.max(corrections.c.number), 0).label("number")).where(
    corrections.c.community_id == bindparam("community")
)


class SqlCorrections(Corrections):
    """See :class:`knowledge_base.ports.Corrections`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, correction: Correction) -> None:
        """Keep a new correction."""
        (last,) = await self._transaction.rows(_LAST, {"community": correction.community})
        await self._transaction.run(
            insert(corrections),
            {
                "community_id": correction.community,
                "correction": correction.id,
                "number": last.number + 1,
                "sort": correction.sort,
                "by": correction.by,
                "at": correction.at,
                "message": correction.message,
                "insight": correction.insight,
                "other": correction.other,
                "cosine": correction.cosine,
                "was_kind": correction.was_kind,
                "is_kind": correction.is_kind,
                "confidence": correction.confidence,
                "undone_at": correction.undone_at,
                "model": correction.model,
            },
        )

    async def undo(self, community: CommunityId, correction: CorrectionId, at: datetime) -> None:
        """It holds no more."""
        this = {"community": community, "of_correction": correction}
        await self._transaction.run(_UNDO, {**this, "undone": at})

    async def of(self, community: CommunityId, limit: int) -> Sequence[Correction]:
        """The latest corrections, newest first."""
        rows = await self._transaction.rows(_LATEST, {"community": community, "most": limit})
        return [correction_of(row) for row in rows]

    async def about(self, community: CommunityId, insight: InsightId) -> Sequence[Correction]:
        """The corrections of an insight that hold, newest first."""
        rows = await self._transaction.rows(_ABOUT, {"community": community, "of_insight": insight})
        return [correction_of(row) for row in rows]


def correction_of(row: StoredRow) -> Correction:
    """A row of the table as a value."""
    return Correction(
        community=row.community_id,
        id=row.correction,
        sort=row.sort,
        by=row.by,
        at=row.at,
        message=row.message,
        insight=row.insight,
        other=row.other,
        cosine=row.cosine,
        was_kind=row.was_kind,
        is_kind=row.is_kind,
        confidence=row.confidence,
        undone_at=row.undone_at,
        model=row.model,
    )
