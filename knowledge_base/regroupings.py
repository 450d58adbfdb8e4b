"""Regroupings: voices that staff moved from one insight to another, so that it can be undone exactly."""

from dataclasses import dataclass

from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MessageId
from knowledge_base.insights import Status


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What a merge or a split moved: ``voices`` from ``origin`` to ``destination``. Named by its correction.

    Of a merge also what else it changed: ``status`` and ``reason`` are what the origin had before, ``tags`` those that
    the destination has from it (and not by itself).
    """

    community: CommunityId
    correction: CorrectionId
    origin: InsightId
    destination: InsightId
    voices: tuple[MessageId, ...]
    status: Status
    reason: str = ""
    tags: tuple[str, ...] = ()
