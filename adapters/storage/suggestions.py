"""Which insights may be the same."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from adapters.storage.tables import insights, suggestions
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.ids import CommunityId, CorrectionId, InsightId
from knowledge_base.ports import Suggestions
from knowledge_base.suggestions import Suggestion

_IN_COMMUNITY = suggestions.c.community_id == bindparam("community")
_THEY_STAND = (_IN_COMMUNITY, suggestions.c.refusal.is_(None))
_ALL = (
    select(suggestions)
    .join(
        insights,
        (insights.c.community_id == suggestions.c.community_id) & (insights.c.insight == suggestions.c.other),
    )
    .where(*_THEY_STAND)
    # ids come by chance, numbers in the order of what was said
    .order_by(suggestions.c.cosine.desc(), insights.c.number)
)
_OF = _ALL.where(suggestions.c.insight == bindparam("of_insight"))
_OF_MANY = _ALL.with_only_columns(suggestions.c.insight.label("of_one"), *suggestions.c).where(
    suggestions.c.insight.in_(bindparam("many", expanding=True))
)
_NAMING = (
    select(suggestions.c.insight)
    .where(*_THEY_STAND, suggestions.c.other == bindparam("of_insight"))
    .order_by(suggestions.c.at, suggestions.c.insight)
)
_REFUSE = (
    update(suggestions)
    .where(*_THEY_STAND, suggestions.c.insight == bindparam("of_insight"), suggestions.c.other == bindparam("of_other"))
    .values(refusal=bindparam("by_correction"))
)
_ALLOW = (
    update(suggestions).where(_IN_COMMUNITY, suggestions.c.refusal == bindparam("by_correction")).values(refusal=None)
)


class SqlSuggestions(Suggestions):
    """See :class:`knowledge_base.ports.Suggestions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, suggestion: Suggestion) -> None:
        """Keep a suggestion; one of the same two stays as it is."""
        self._transaction.write_soon(
            insert_if_new(suggestions, ("community_id", "insight", "other"), self._transaction.dialect),
            {
                "community_id": suggestion.community,
                "insight": suggestion.insight,
                "other": suggestion.other,
                "cosine": suggestion.cosine,
                "at": suggestion.at,
                "refusal": suggestion.refusal,
            },
        )

    async def of(self, community: CommunityId, insight: InsightId) -> Sequence[Suggestion]:
        """What an insight may be the same as, the likeliest first."""
        rows = await self._transaction.rows_again(_OF, {"community": community, "of_insight": insight})
        return [Suggestion(community, row.insight, row.other, row.cosine, row.at) for row in rows]

    async def read_ahead(self, community: CommunityId, these: Sequence[InsightId]) -> Sequence[InsightId]:
        """These will be asked for; what they may be the same as."""
        rows = await self._transaction.read_ahead(_OF, _OF_MANY, community, these)
        return list(dict.fromkeys(InsightId(row.other) for row in rows))

    async def naming(self, community: CommunityId, insight: InsightId) -> Sequence[InsightId]:
        """The insights that may be the same as this one, which was there before."""
        rows = await self._transaction.rows(_NAMING, {"community": community, "of_insight": insight})
        return [InsightId(row.insight) for row in rows]

    async def refuse(self, community: CommunityId, insight: InsightId, other: InsightId, refusal: CorrectionId) -> None:
        """They are not the same."""
        these = {"community": community, "of_insight": insight, "of_other": other}
        await self._transaction.run(_REFUSE, {**these, "by_correction": refusal})

    async def allow(self, community: CommunityId, refusal: CorrectionId) -> None:
        """Undo that refusal."""
        await self._transaction.run(_ALLOW, {"community": community, "by_correction": refusal})
