"""Voices that move between insights."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from sqlalchemy import bindparam, insert, select, update

from adapters.storage.insight_rows import insight_in
from adapters.storage.insights import SqlInsights
from adapters.storage.tables import corrections, insights, moved_voices, regroupings, vectors, voices
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.circles import Circle
from knowledge_base.corrections import CorrectionSort
from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MessageId
from knowledge_base.insights import Insight, Status
from knowledge_base.merging import Vector
from knowledge_base.ports import Regroupings
from knowledge_base.regroupings import Regrouping

_THIS = (regroupings.c.community_id == bindparam("community"), regroupings.c.correction == bindparam("of_correction"))
_GET = select(regroupings).where(*_THIS)
_COMES_FROM = update(regroupings).where(*_THIS).values(origin=bindparam("from_insight"))
_ITS_VOICES = (
    select(moved_voices.c.message)
    .where(
        moved_voices.c.community_id == bindparam("community"),
        moved_voices.c.correction == bindparam("of_correction"),
    )
    .order_by(moved_voices.c.number)
)
_THAT_HOLD = (
    select(regroupings)
    .join(
        corrections,
        (corrections.c.community_id == regroupings.c.community_id)
        & (corrections.c.correction == regroupings.c.correction),
    )
    .where(
        regroupings.c.community_id == bindparam("community"),
        corrections.c.sort == bindparam("of_sort"),
        corrections.c.undone_at.is_(None),
    )
    .order_by(corrections.c.number)
)
_MERGES_INTO = _THAT_HOLD.where(regroupings.c.destination == bindparam("of_insight"))
_SPLITS_FROM = _THAT_HOLD.where(regroupings.c.origin == bindparam("of_insight"))

_OF_INSIGHT = (voices.c.community_id == bindparam("community"), voices.c.insight == bindparam("of_insight"))
_THESE = voices.c.message.in_(bindparam("these", expanding=True))
_OF_THESE = select(voices.c.message).where(*_OF_INSIGHT, _THESE).order_by(voices.c.number)
_MOVE = update(voices).where(*_OF_INSIGHT, _THESE).values(insight=bindparam("to_insight"))
_CIRCLE = select(voices.c.circle).where(
    voices.c.community_id == bindparam("community"), voices.c.message == bindparam("of_message")
)
_VECTORS = (
    select(voices.c.message, vectors.c.vector)
    .join(vectors, (vectors.c.community_id == voices.c.community_id) & (vectors.c.message == voices.c.message))
    .where(*_OF_INSIGHT, vectors.c.model == bindparam("of_model"))
    .order_by(voices.c.number.desc())
    .limit(bindparam("most"))
)
_CALLED_BY = (
    select(insights)
    .where(
        insights.c.community_id == bindparam("community"),
        insights.c.titled_by.in_(bindparam("these", expanding=True)),
    )
    .order_by(insights.c.number)
)
_MERGED = (
    select(insights)
    .where(insights.c.community_id == bindparam("community"), insights.c.status == Status.MERGED)
    .order_by(insights.c.number.desc())
    .limit(bindparam("most"))
)


class SqlRegroupings(Regroupings):
    """See :class:`knowledge_base.ports.Regroupings`."""

    def __init__(self, transaction: Transaction, counted: SqlInsights) -> None:
        self._transaction = transaction
        self._insights = counted

    async def add(self, regrouping: Regrouping) -> None:
        """Keep what was done."""
        this = {"community_id": regrouping.community, "correction": regrouping.correction}
        await self._transaction.run(
            insert(regroupings),
            {
                **this,
                "origin": regrouping.origin,
                "destination": regrouping.destination,
                "status": regrouping.status,
                "reason": regrouping.reason,
                "tags": regrouping.tags,
            },
        )
        for number, message in enumerate(regrouping.voices):
            await self._transaction.run(insert(moved_voices), {**this, "number": number, "message": message})

    async def get(self, community: CommunityId, correction: CorrectionId) -> Regrouping | None:
        """What a correction moved, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_correction": correction})
        return None if row is None else await self._whole(row)

    async def merges_into(self, community: CommunityId, insight: InsightId) -> Sequence[Regrouping]:
        """The merges into an insight that hold, oldest first."""
        wanted = {"community": community, "of_sort": CorrectionSort.MERGE, "of_insight": insight}
        return [await self._whole(row) for row in await self._transaction.rows(_MERGES_INTO, wanted)]

    async def splits_from(self, community: CommunityId, insight: InsightId) -> Sequence[Regrouping]:
        """The splits off an insight that hold, oldest first."""
        wanted = {"community": community, "of_sort": CorrectionSort.SPLIT, "of_insight": insight}
        return [await self._whole(row) for row in await self._transaction.rows(_SPLITS_FROM, wanted)]

    async def comes_from(self, community: CommunityId, correction: CorrectionId, origin: InsightId) -> None:
        """Where a regrouping's voices go when it is undone."""
        this = {"community": community, "of_correction": correction}
        await self._transaction.run(_COMES_FROM, {**this, "from_insight": origin})

    async def move_voices(
        self, community: CommunityId, messages: Sequence[MessageId], origin: InsightId, destination: InsightId
    ) -> Sequence[MessageId]:
        """Make those of these messages that voice ``origin`` voices of ``destination``; which, in order of adding."""
        these = {"community": community, "of_insight": origin, "these": list(messages)}
        moved = [MessageId(row.message) for row in await self._transaction.rows(_OF_THESE, these)]
        await self._transaction.run(_MOVE, {**these, "to_insight": destination})
        for changed in (origin, destination):
            await self._insights.recount(community, changed)
        return moved

    async def circle(self, community: CommunityId, message: MessageId) -> Circle | None:
        """Who heard a voice when it was said."""
        row = await self._transaction.row(_CIRCLE, {"community": community, "of_message": message})
        return None if row is None else Circle(row.circle)

    async def vectors(
        self, community: CommunityId, insight: InsightId, model: str, limit: int
    ) -> Mapping[MessageId, Vector]:
        """The vectors of the voices that were added last, the oldest of them first."""
        wanted = {"community": community, "of_insight": insight, "of_model": model, "most": limit}
        rows = await self._transaction.rows(_VECTORS, wanted)
        return {row.message: np.frombuffer(row.vector, np.float32) for row in reversed(rows)}

    async def called_by(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Insight]:
        """The insights whose title is from one of these messages."""
        rows = await self._transaction.rows_of(_CALLED_BY, {"community": community}, messages)
        return [insight_in(row) for row in rows]

    async def merged(self, community: CommunityId, limit: int) -> Sequence[Insight]:
        """Insights that are merged into others, the newest first."""
        rows = await self._transaction.rows(_MERGED, {"community": community, "most": limit})
        return [insight_in(row) for row in rows]

    async def _whole(self, row: StoredRow) -> Regrouping:
        this = {"community": row.community_id, "of_correction": row.correction}
        moved = await self._transaction.rows(_ITS_VOICES, this)
        return Regrouping(
            community=row.community_id,
            correction=row.correction,
            origin=row.origin,
            destination=row.destination,
            voices=tuple(each.message for each in moved),
            status=row.status,
            reason=row.reason,
            tags=row.tags,
        )
