"""Which insight stands in which part of a digest, and in which order. An insight is named once."""

from collections.abc import Collection, Mapping, Sequence

from dialogue.actions import DigestOf, Occasion
from knowledge_base.digest_ranking import rank
from knowledge_base.digests import DigestInsight, DigestNews, DigestPart, part_of
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind


def sorted_out(
    rows: Sequence[DigestInsight], digest: DigestOf, wanted: Sequence[DigestPart], held: Collection[InsightId] = ()
) -> Mapping[DigestPart, Sequence[DigestInsight]]:
    """The insights of each part that has some, ranked; what waits and open questions by when they were first heard.

    ``held``: those of which the team has no card yet, since they were held back for the digest; they come first.
    """
    parts: dict[DigestPart, list[DigestInsight]] = {part: [] for part in DigestPart}
    for row in rows:
        base = _base(row, digest)
        part = part_of(base, row.insight.kind, wanted, public=row.public) if base else None
        if part is not None:
            parts[part].append(row)
    return {part: _ordered(part, found, held) for part, found in parts.items() if found}


def has_news(news: frozenset[DigestNews], wanted: Sequence[DigestPart]) -> bool:
    """Whether something came up that would stand in a part that is wanted. What only waits is no news."""
    return any(part_of(one.base, one.kind, wanted, public=one.public) for one in news)


def tells_news(rows: Sequence[DigestInsight], digest: DigestOf, wanted: Sequence[DigestPart]) -> bool:
    """The same, of what a digest would tell."""
    bases = ((row, _base(row, digest)) for row in rows)
    return any(
        base not in (None, DigestPart.WAITING) and part_of(base, row.insight.kind, wanted, public=row.public)
        for row, base in bases
    )


def _ordered(part: DigestPart, rows: Sequence[DigestInsight], held: Collection[InsightId]) -> Sequence[DigestInsight]:
    if part is DigestPart.WAITING:
        return sorted(rows, key=lambda row: (row.insight.first_at, row.insight.number))
    return sorted(rank(rows), key=lambda row: row.insight.id not in held)


def _base(row: DigestInsight, digest: DigestOf) -> DigestPart | None:
    """What it is to this digest, whatever its kind; None for what does not concern it."""
    insight = row.insight
    here = None if digest.occasion is Occasion.PREVIEW else digest.until  # how what it tells first is marked
    if row.shipped_at == here and (here or insight.status is Status.SHIPPED):
        return DigestPart.SHIPPED
    if row.told_at == here and (here or insight.status.is_open):
        return DigestPart.NEW
    if row.told_at is None or row.told_at > digest.until or not insight.status.is_open:
        return None
    return DigestPart.GROWN if row.said else _unheard(insight)


def _unheard(insight: Insight) -> DigestPart | None:
    """A question stays open until somebody settles it; anything else waits until the team takes it up."""
    if insight.kind is Kind.QUESTION or insight.status is Status.NEW:
        return DigestPart.WAITING
    return None
