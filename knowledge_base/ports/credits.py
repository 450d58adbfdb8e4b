"""Who is thanked by name."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Protocol

from knowledge_base.ids import InsightId, MemberId
from knowledge_base.members import Member


class Credits(Protocol):
    """The rules of credit: asked whenever people are told that what they asked for is there."""

    @abstractmethod
    async def named(self, insight: InsightId, members: Collection[Member]) -> frozenset[MemberId]:
        """Which of these members, who voiced the insight, are thanked by name where it is told. All allowed it."""
