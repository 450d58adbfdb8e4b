"""Which insight stands in which part of a digest, and in which order. An insight is named once.

What is new and was held back is told once it is named: what a part has no room for is new in the next digest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogue.actions import DigestOf, Occasion
from knowledge_base.digest_ranking import rank
from knowledge_base.digests import DigestInsight, DigestNews, DigestPart, DigestSettings, part_of
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind

Held = Mapping[InsightId, datetime]
"""What of a team's insights has no card yet, since it is held back, and since when it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a digest: what belongs in it, and what of that it names, ranked.

    ``later``: what is new, held back and not named. That is told later: by the next digest, or by its card.
    """

    rows: Sequence[DigestInsight]
    named: Sequence[DigestInsight]
    later: Sequence[InsightId]


def sorted_out(
    rows: Sequence[DigestInsight], digest: DigestOf, settings: DigestSettings, held: Held
) -> Mapping[DigestPart, Part]:
    """The parts that name something; what waits is ranked by when it was first heard, else what is held comes first."""
    found: dict[DigestPart, list[DigestInsight]] = {part: [] for part in DigestPart}
    for row in rows:
        base = _base(row, digest) or (DigestPart.NEW if _is_left(row, digest, held) else None)
        part = part_of(base, row.insight.kind, settings.parts, public=row.public) if base else None
        if part is not None:
            found[part].append(row)
    parts = {part: _part(part, its, digest, settings.length, held) for part, its in found.items()}
    return {part: one for part, one in parts.items() if one.named}


def _part(part: DigestPart, rows: Sequence[DigestInsight], digest: DigestOf, length: int, held: Held) -> Part:
    left = [row for row in rows if _is_left(row, digest, held)]
    ranked = _ordered(part, [row for row in rows if not _is_left(row, digest, held)], held)
    cut = [row for row in ranked[length:] if row.insight.id in held and _base(row, digest) is DigestPart.NEW]
    return Part(rows, ranked[:length], [row.insight.id for row in (*left, *cut)])


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


def _ordered(part: DigestPart, rows: Sequence[DigestInsight], held: Held) -> Sequence[DigestInsight]:
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


def _is_left(row: DigestInsight, digest: DigestOf, held: Held) -> bool:
    """Whether a digest that was made had no room for it: held back then, and not told by then."""
    since = held.get(row.insight.id)
    if since is None or since > digest.until or digest.occasion is Occasion.PREVIEW:
        return False
    return row.insight.status.is_open and (row.told_at is None or row.told_at > digest.until)


def _unheard(insight: Insight) -> DigestPart | None:
    """A question stays open until somebody settles it; anything else waits until the team takes it up."""
    if insight.kind is Kind.QUESTION or insight.status is Status.NEW:
        return DigestPart.WAITING
    return None
