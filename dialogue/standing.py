"""What stands in channels and changes there: cards, digests, partners' summaries; and what admins were told.

Reached through :mod:`dialogue.ports`.
"""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dialogue.actions import OutboxId
from dialogue.rows import OutboxState, PostedCard, PostedDigest, PostedSummary, Report
from knowledge_base.digests import AreaWeek, DigestInsight, DigestNews, DigestSettings, DigestSpan, Unheard
from knowledge_base.ids import ChannelId, CommunityId, InsightId, PlatformMessageId, SpaceId, TeamId
from knowledge_base.kinds import Kind
from knowledge_base.partners import SummaryLine


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
    """What teams want of their digests, how far they were told, and which digests were posted where.

    An insight is told to a team as new once, and once as shipped; what is marked stays so, whatever becomes of it.
    A team's insights are those with a card for it and those held back for it.
    """

    @abstractmethod
    async def settings(self, community: CommunityId) -> Mapping[TeamId, DigestSettings]:
        """What each team wants; a team without a digest is not among them."""

    @abstractmethod
    async def put_settings(self, settings: DigestSettings) -> None:
        """Create or change what a team wants, and how far it was told."""

    @abstractmethod
    async def last_voice(self, community: CommunityId) -> int:
        """The number of the voice that was added last, 0 where there is none. All before it are visible."""

    @abstractmethod
    async def tell(self, community: CommunityId, team: TeamId, at: datetime) -> None:
        """Mark as told at that moment: the team's open insights never told of, and those shipped never told as such."""

    @abstractmethod
    async def leave(self, community: CommunityId, team: TeamId, at: datetime, insights: Collection[InsightId]) -> None:
        """Of what was marked as new at that moment, these were not told: they are new in the next digest."""

    @abstractmethod
    async def news(self, community: CommunityId, span: DigestSpan) -> frozenset[DigestNews]:
        """What was marked as told at the span's end, and which open insights, told of before, were heard again."""

    @abstractmethod
    async def came_up(
        self, community: CommunityId, span: DigestSpan, tiers: Collection[str] = ()
    ) -> Sequence[DigestInsight]:
        """The team's insights that are news to a digest, or may be.

        They were marked at the span's end or never, or are open and said in the span; or they are held back and were
        marked later. Those that have no voice up to the span's last, are merged or no insights any more are left out.
        Customers of ``tiers`` are counted.
        """

    @abstractmethod
    async def longest_waiting(
        self, community: CommunityId, span: DigestSpan, kinds: Collection[Kind], most: int, tiers: Collection[str] = ()
    ) -> Unheard:
        """The others of some kinds that the team was told of before, of which nothing came yet: the oldest ``most``.

        They are new, or questions that are open still.
        """

    @abstractmethod
    async def most_wanted(
        self, community: CommunityId, span: DigestSpan, kinds: Collection[Kind], most: int, tiers: Collection[str] = ()
    ) -> Unheard:
        """The same, by how many people say them; the one said last first among equals."""

    @abstractmethod
    async def by_area(self, community: CommunityId, span: DigestSpan, weeks: int) -> Sequence[AreaWeek]:
        """How many people spoke of the team's insights, by weeks back from the span's end, and by area."""

    @abstractmethod
    async def add(self, community: CommunityId, digest: PostedDigest) -> None:
        """Remember a digest."""

    @abstractmethod
    async def not_posted(self, community: CommunityId, team: TeamId) -> Sequence[tuple[PostedDigest, OutboxState]]:
        """A team's digests that do not stand in its channel, oldest first: still to be posted, or never."""

    @abstractmethod
    async def take_back(self, community: CommunityId, digest: PostedDigest) -> Sequence[PostedDigest]:
        """Forget a digest: what it told for the first time was never told.

        Returns the team's later ones, oldest first: they may show of that what they don't tell any more.
        """

    @abstractmethod
    async def that_tell(
        self, community: CommunityId, insights: Collection[InsightId], said_at: datetime
    ) -> Sequence[PostedDigest]:
        """The digests that may tell of what was said of these insights at that moment, oldest first."""


class Summaries(Protocol):
    """What learning partners were told, by which post."""

    @abstractmethod
    async def add(self, community: CommunityId, summary: PostedSummary, lines: Sequence[SummaryLine]) -> None:
        """Remember a summary with what it tells of."""

    @abstractmethod
    async def lines(self, community: CommunityId, post: OutboxId) -> Sequence[SummaryLine]:
        """What it tells of, in its order; nothing where there is no such summary."""

    @abstractmethod
    async def that_tell(self, community: CommunityId, insights: Collection[InsightId]) -> Sequence[PostedSummary]:
        """The summaries that tell of any of these insights, oldest first."""


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
