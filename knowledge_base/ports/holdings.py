"""What is held back."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.holdings import Holding
from knowledge_base.ids import CommunityId, InsightId, TeamId


class Holdings(Protocol):
    """Which insights teams will be told of later. An insight is held once for a team."""

    @abstractmethod
    async def add(self, *held: Holding) -> None:
        """Hold insights back; one that is held for that team already is held for this reason, since then, from now."""

    @abstractmethod
    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Holding]:
        """Where an insight is held back, by team."""

    @abstractmethod
    async def of_team(self, community: CommunityId, team: TeamId) -> Sequence[Holding]:
        """What is held back for a team, longest first."""

    @abstractmethod
    async def remove(self, community: CommunityId, insight: InsightId, team: TeamId) -> None:
        """It is held no longer; nothing happens if it was not."""

    @abstractmethod
    async def bundle(self, community: CommunityId, team: TeamId, since: datetime) -> str | None:
        """The name of the post that tells a team what is held back of the hour that began ``since``, or None."""

    @abstractmethod
    async def put_bundle(self, community: CommunityId, team: TeamId, since: datetime, post: str) -> None:
        """That post tells it from now on."""
