"""What was heard of late, many insights at once."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.insights import Insight, Voice


class Lately(Protocol):
    """Insights by when they were heard."""

    @abstractmethod
    async def heard(self, community: CommunityId, since: datetime, limit: int) -> Sequence[Insight]:
        """Insights that had a voice since, open and closed, last heard first; no merged or dismissed ones."""

    @abstractmethod
    async def voices(
        self, community: CommunityId, insights: Sequence[InsightId]
    ) -> Mapping[InsightId, Sequence[Voice]]:
        """The voices of many, each as :meth:`~knowledge_base.ports.Insights.voices`; none: the insight is left out."""
