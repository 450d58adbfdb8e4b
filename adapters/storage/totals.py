"""The whole database at a glance, over all communities."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_

from adapters.storage.tables import cards, inbox, insights, messages, outbox, voices
from adapters.storage.transaction import StoredRow, Transaction
from dialogue.ports import Totals
from dialogue.rows import Counts, EndedKey, OutboxState, StoredJudgement
from knowledge_base.insights import Status

_PAGE: Final = 2000

_COUNTED = insights.c.status.not_in([Status.MERGED, Status.DISMISSED])
_VOICE_OF = (voices.c.community_id == insights.c.community_id) & (voices.c.insight == insights.c.insight)
_COUNTS = select(
    select(func.count()).select_from(messages).scalar_subquery().label("messages"),
    select(func.count())
    .select_from(select(messages.c.community_id, messages.c.conversation).distinct().subquery())
    .scalar_subquery()
    .label("conversations"),
    select(func.count()).select_from(insights).where(_COUNTED).scalar_subquery().label("insights"),
    select(func.count())
    .select_from(voices.join(insights, _VOICE_OF))
    .where(_COUNTED)
    .scalar_subquery()
    .label("voices"),
    select(func.count()).select_from(insights).where(_COUNTED, insights.c.demand > 0).scalar_subquery().label("voiced"),
    select(func.count()).select_from(cards).scalar_subquery().label("cards"),
)
_JUDGEMENTS = (
    select(messages.c.community_id, messages.c.message, messages.c.kind, messages.c.conversation, voices.c.insight)
    .outerjoin(voices, (voices.c.community_id == messages.c.community_id) & (voices.c.message == messages.c.message))
    .order_by(messages.c.community_id, messages.c.message)
)
_LATEST = select(
    select(func.max(messages.c.at)).scalar_subquery().label("said"),
    select(func.max(inbox.c.received_at)).scalar_subquery().label("received"),
    select(func.max(inbox.c.finished_at)).scalar_subquery().label("finished"),
)
_ENDED = select(outbox.c.seq, outbox.c.id, outbox.c.action).where(
    outbox.c.state.in_([OutboxState.SENT, OutboxState.DEAD])
)
_CARD_TEXTS = (
    select(cards.c.community_id, cards.c.post, outbox.c.text)
    .join(outbox, (outbox.c.community_id == cards.c.community_id) & (outbox.c.id == cards.c.post))
    .where(outbox.c.state == OutboxState.SENT)
    .order_by(cards.c.community_id, cards.c.post)
)


class SqlTotals(Totals):
    """See :class:`dialogue.ports.Totals`. Streams are read page by page, each after the last key of the one before."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def counts(self) -> Counts:
        """How much there is. The bot does not answer yet, so there are no answers."""
        (row,) = await self._transaction.rows(_COUNTS)
        return Counts(row.messages, row.conversations, row.insights, row.voices - row.voiced, row.cards, answers=0)

    async def latest(self) -> datetime | None:
        """The last moment at which anything was said, came in or was handled, or None."""
        (row,) = await self._transaction.rows(_LATEST)
        return max((moment for moment in row if moment is not None), default=None)

    async def judgements(self) -> AsyncIterator[StoredJudgement]:
        """Every stored message and what it was understood to be."""
        async for row in self._pages(_JUDGEMENTS, messages.c.community_id, messages.c.message):
            yield StoredJudgement(row.message, row.kind, row.conversation, row.insight)

    async def ended(self) -> AsyncIterator[EndedKey]:
        """Every outbox row that was sent, or should have been and failed for good."""
        async for row in self._pages(_ENDED.order_by(outbox.c.seq), outbox.c.seq):
            yield EndedKey(row.id, row.action)

    async def card_texts(self) -> AsyncIterator[str]:
        """What each sent card says now."""
        async for row in self._pages(_CARD_TEXTS, cards.c.community_id, cards.c.post):
            yield row.text

    async def _pages(self, query: Select[*tuple[object, ...]], *key: ColumnElement[object]) -> AsyncIterator[StoredRow]:
        """The query's rows; ``key`` is what it is ordered by and what its first columns are."""
        page = await self._transaction.rows(query.limit(_PAGE))
        while page:
            for row in page:
                yield row
            if len(page) < _PAGE:
                return
            last = tuple_(*key) > tuple_(*(bindparam(None, page[-1][n], column.type) for n, column in enumerate(key)))
            page = await self._transaction.rows(query.where(last).limit(_PAGE))
