"""What a digest names first: what many want and customers of the firm's tiers, what more people ask for, and what is
urgent; not who is loudest.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from knowledge_base.digests import DigestInsight
from knowledge_base.facets import Urgency
from knowledge_base.ids import MemberId


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each person who says it, for each who is new, for each customer of a tier that counts, and for the
    most urgent of its voices.

    ``alone``: how many insights that somebody says alone stand before those of others; more of theirs come last.
    """

    person: float = 1.0
    more: float = 1.0
    tier: float = 1.0
    urgency: Mapping[Urgency, float] = field(
        default_factory=lambda: {Urgency.NONE: 0.0, Urgency.SOON: 1.0, Urgency.NOW: 3.0}
    )
    alone: int = 2


DEFAULT: Final = Weights()


def rank(rows: Sequence[DigestInsight], weights: Weights = DEFAULT) -> Sequence[DigestInsight]:
    """The same rows, the weightiest first; equal ones by when they were last heard, then by number.

    Urgency counts once however often it is said, and people count once however much they say.
    """
    ordered = sorted(
        rows, key=lambda row: (-_points(row, weights), -row.insight.last_at.timestamp(), row.insight.number)
    )
    seen: Counter[MemberId] = Counter()
    first: list[DigestInsight] = []
    last: list[DigestInsight] = []
    for row in ordered:
        if row.speaker is not None:
            seen[row.speaker] += 1
        (last if row.speaker is not None and seen[row.speaker] > weights.alone else first).append(row)
    return [*first, *last]


def stands(rows: Sequence[DigestInsight], demand: int, tiers: Collection[str], weights: Weights = DEFAULT) -> bool:
    """Whether these, the first of a ranking, stay so when more is ranked with them: what ``demand`` people say at most.

    They may all be customers of ``tiers``, but said nothing lately.
    """
    speakers = Counter(row.speaker for row in rows if row.speaker is not None)
    best = demand * (weights.person + (weights.tier if tiers else 0)) + max(weights.urgency.values())
    return max(speakers.values(), default=0) <= weights.alone and all(_points(row, weights) > best for row in rows)


def _points(row: DigestInsight, weights: Weights) -> float:
    of_tiers = sum(people for _, people in row.tiers)
    people = weights.person * row.insight.demand + weights.more * row.more + weights.tier * of_tiers
    return people + weights.urgency[row.urgency]
