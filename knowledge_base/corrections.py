"""Corrections: what staff changed in what was understood, with the figures that had led to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MemberId, MessageId
from knowledge_base.kinds import Kind


class CorrectionSort(StrEnum):
    """What staff corrected.

    ``merge``: two insights are one. ``split``: a voice is not of its insight. ``refusal``: two insights that looked
    alike are not one. ``dismissal``: what was taken for an insight is none. ``kind``: a message is of another kind.
    ``tagging``: a message that was not taken for an insight is one.
    """

    MERGE = "merge"
    SPLIT = "split"
    REFUSAL = "refusal"
    DISMISSAL = "dismissal"
    KIND = "kind"
    TAGGING = "tagging"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction by a member of staff. What does not belong to its sort is None.

    ``insight`` is what was corrected (of a merge the one that went into ``other``, of a split the one that the voice
    left for ``other``). ``cosine`` is how alike the two were found to be, from -1 to 1; None where nobody had compared
    them by the models in use, whose name is ``model``: cosines by others say something else. ``confidence`` is how sure
    the kind was, from 0 to 1.
    """

    community: CommunityId
    id: CorrectionId
    sort: CorrectionSort
    by: MemberId
    at: datetime
    message: MessageId | None = None
    insight: InsightId | None = None
    other: InsightId | None = None
    cosine: float | None = None
    was_kind: Kind | None = None
    is_kind: Kind | None = None
    confidence: float | None = None
    undone_at: datetime | None = None
    model: str | None = None
