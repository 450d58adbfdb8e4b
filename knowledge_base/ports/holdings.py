"""What is held back."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from knowledge_base.holdings import Holding
from knowledge_base.ids import CommunityId, InsightId, TeamId


class Holdings(Protocol):
    """Which insights teams will be told of later. An insight is held once for a team."""

    @abstractmethod
    async def add(self, holding: Holding) -> None:
        """Hold an insight back; one that is held for that team already stays held as it was."""

    @abstractmethod
    async def of_team(self, community: CommunityId, team: TeamId) -> Sequence[Holding]:
        """What is held back for a team, longest first."""

    @abstractmethod
    async def remove(self, community: CommunityId, insight: InsightId, team: TeamId) -> None:
        """It is held no longer; nothing happens if it was not."""
