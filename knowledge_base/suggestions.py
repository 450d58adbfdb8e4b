"""Suggestions: insights that are likely, but not surely, the same. Staff say whether they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from knowledge_base.ids import CommunityId, CorrectionId, InsightId
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Thresholds, merged_from, uncontrasted

Found = tuple[Candidate, Thresholds]
"""A voice, and the thresholds of the model that found it."""
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


def likely(kind: Kind, text: str, candidates: Sequence[Candidate], thresholds: Thresholds) -> tuple[Candidate, ...]:
    """The insights that may say the same as a statement that surely says the same as none, by their nearest voice.

    By one model, the likeliest first, ties as they come. Words that contrast are not suggested.
    """
    near = [c for c in candidates if c.cosine >= thresholds.suggest and may_be_one(kind, c.kind)]
    nearest: dict[InsightId, Candidate] = {}
    for candidate in uncontrasted(text, near, nearest):
        nearest[candidate.insight] = candidate
    return tuple(nearest.values())


def likeliest(text: str, language: str, found: Sequence[Found]) -> tuple[Candidate, ...]:
    """Of what each model found likely to say the same as a text: each insight once, at most :data:`MOST`."""
    return tuple(candidate for candidate, _ in one_each(text, language, found))[:MOST]


def one_each(text: str, language: str, found: Sequence[Found]) -> Sequence[Found]:
    """Of what each model found: the likeliest voice of each insight, ties as they come.

    The likeliest is nearest to where it would be merged: cosines of two models say nothing about each other.
    """

    def short_of(one: Found) -> float:
        candidate, by = one
        return merged_from(text, language, candidate.text, candidate.language, by) - candidate.cosine

    nearest: dict[InsightId, Found] = {}
    for candidate, by in sorted(found, key=short_of):
        nearest.setdefault(candidate.insight, (candidate, by))
    return tuple(nearest.values())


def may_be_one(kind: Kind, other: Kind) -> bool:
    """Whether insights of these kinds may be the same."""
    return kind is other or {kind, other} <= _ASKING
