"""Suggestions: insights that are likely, but not surely, the same. Staff say whether they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from knowledge_base.ids import CommunityId, CorrectionId, InsightId
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Thresholds

MOST: Final = 3
"""How many insights one may be suggested to be the same as."""

_ASKING: Final = frozenset({Kind.QUESTION, Kind.PROBLEM, Kind.REQUEST})
"""Kinds in which people may say the same want: how to, it doesn't, please let it."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``insight`` may be the same as ``other``, which was there before, by ``cosine`` of their nearest voices.

    ``refusal`` is the correction by which staff said that they are not the same.
    """

    community: CommunityId
    insight: InsightId
    other: InsightId
    cosine: float
    at: datetime
    refusal: CorrectionId | None = None


def likely(kind: Kind, candidates: Sequence[Candidate], thresholds: Thresholds) -> tuple[Candidate, ...]:
    """The insights that may say the same as a statement that surely says the same as none, by their nearest voice.

    The likeliest first, of equally likely ones that which was named first; at most :data:`MOST`.
    """
    near = [c for c in candidates if c.cosine >= thresholds.suggest and may_be_one(kind, c.kind)]
    ranked = sorted(near, key=lambda c: -c.cosine)
    nearest = {candidate.insight: candidate for candidate in reversed(ranked)}
    return tuple(candidate for candidate in ranked if nearest[candidate.insight] is candidate)[:MOST]


def may_be_one(kind: Kind, other: Kind) -> bool:
    """Whether insights of these kinds may be the same."""
    return kind is other or {kind, other} <= _ASKING
