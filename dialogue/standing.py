"""What stands in teams' channels and changes there: cards and digests; and what admins were told.

Reached through :mod:`dialogue.ports`.
"""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from dialogue.rows import PostedCard, PostedDigest, Report
from knowledge_base.ids import ChannelId, CommunityId, InsightId, PlatformMessageId, SpaceId, TeamId


class Cards(Protocol):
    """Which insight has a card where: one that stands there or is still to be posted, none that could not be."""

    @abstractmethod
    async def add(self, community: CommunityId, card: PostedCard) -> None:
        """Remember a card. One per insight and team."""

    @abstractmethod
    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[PostedCard]:
        """Every card of an insight."""

    @abstractmethod
    async def read_ahead(self, community: CommunityId, insights: Sequence[InsightId]) -> None:
        """The cards of these will be asked for one by one: a unit of work that only reads does so now."""

    @abstractmethod
    async def sent_to(
        self, community: CommunityId, space: SpaceId, channel: ChannelId, since: datetime, until: datetime
    ) -> int:
        """How many cards a channel got that count for the time from ``since`` until before ``until``."""

    @abstractmethod
    async def of_team(self, community: CommunityId, team: TeamId) -> frozenset[InsightId]:
        """The insights that have a card for a team."""

    @abstractmethod
    async def hung_in(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[InsightId]:
        """The insights that have a card in a channel."""

    @abstractmethod
    async def at(self, community: CommunityId, channel: ChannelId, message: PlatformMessageId) -> InsightId | None:
        """Whose card a sent post is, or None."""


class Digests(Protocol):
    """Which digests were posted where, so that what is taken back can be taken off them."""

    @abstractmethod
    async def add(self, community: CommunityId, digest: PostedDigest) -> None:
        """Remember a digest."""

    @abstractmethod
    async def that_tell(
        self, community: CommunityId, teams: Collection[TeamId], said_at: datetime
    ) -> Sequence[PostedDigest]:
        """The digests of these teams that may tell of what was said at that moment, oldest first."""


class Reports(Protocol):
    """What a platform does not let the bot do, each once, and whether admins were told."""

    @abstractmethod
    async def add(self, community: CommunityId, report: Report) -> None:
        """Note what is missing; what was noted before stays as it is, told or not."""

    @abstractmethod
    async def untold(self, community: CommunityId) -> Sequence[Report]:
        """What nobody was told of yet, by space, channel and permission."""

    @abstractmethod
    async def told(self, community: CommunityId, reports: Sequence[Report]) -> None:
        """Somebody was told of these."""
