"""What staff corrected."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.corrections import Correction
from knowledge_base.ids import CommunityId, CorrectionId, InsightId


class Corrections(Protocol):
    """The corrections of each community, for its own use alone."""

    @abstractmethod
    async def add(self, correction: Correction) -> None:
        """Keep a new correction. The community is locked."""

    @abstractmethod
    async def undo(self, community: CommunityId, correction: CorrectionId, at: datetime) -> None:
        """It holds no more. Nothing happens to one that was undone before."""

    @abstractmethod
    async def of(self, community: CommunityId, limit: int) -> Sequence[Correction]:
        """The latest corrections, newest first, those that were undone among them."""

    @abstractmethod
    async def about(self, community: CommunityId, insight: InsightId) -> Sequence[Correction]:
        """The corrections of an insight, or with it as the other one, that were not undone, newest first."""
