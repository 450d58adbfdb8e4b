"""Who is thanked by name."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Protocol

from knowledge_base.ids import CommunityId, InsightId, MemberId


class Credits(Protocol):
    """The rules of credit: asked whenever people are told that what they asked for is there."""

    @abstractmethod
    async def named(
        self, community: CommunityId, insight: InsightId, members: Collection[MemberId]
    ) -> frozenset[MemberId]:
        """Which of these members, who voiced the insight, are thanked by name where it is told. All allowed it."""
