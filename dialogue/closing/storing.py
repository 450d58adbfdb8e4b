"""Who is told of an announcement by which post. Reached through :mod:`dialogue.ports`."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dialogue.actions import OutboxId
from dialogue.rows import OutboxState
from knowledge_base.ids import AnnouncementId, ChannelId, CommunityId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Status


@dataclass(frozen=True, slots=True)
class Heard:
    """How many people were told of something, how many could not be reached, and how many are being told."""

    told: int = 0
    unreached: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """A member hears of an announcement because of what they said in ``message``, by the outbox row ``post``.

    ``channel`` is where that is posted, None for a direct message.
    """

    announcement: AnnouncementId
    member: MemberId
    message: MessageId
    post: OutboxId
    space: SpaceId
    channel: ChannelId | None


@dataclass(frozen=True, slots=True)
class Notice:
    """That a member was told which status an insight has: in ``channel``, where all who read it see what they had said,
    or (None) alone.
    """

    insight: InsightId
    status: Status
    space: SpaceId
    channel: ChannelId | None


class Tellings(Protocol):
    """A member hears of an announcement once."""

    @abstractmethod
    async def add(self, community: CommunityId, tellings: Sequence[Telling]) -> None:
        """Remember who will be told how."""

    @abstractmethod
    async def by_post(self, community: CommunityId, post: OutboxId) -> Sequence[Telling]:
        """Whom a post tells, by message."""

    @abstractmethod
    async def of_announcement(
        self, community: CommunityId, announcement: AnnouncementId
    ) -> Sequence[tuple[Telling, OutboxState]]:
        """Everybody who is told of it, and what became of the post, by member."""

    @abstractmethod
    async def told(self, community: CommunityId, insight: InsightId, status: Status) -> frozenset[MemberId]:
        """Who heard that an insight has that status, or still will: not those whose post was dropped or not taken."""

    @abstractmethod
    async def of_member(self, community: CommunityId, member: MemberId) -> Sequence[Notice]:
        """What a member was told, in the order in which it was announced."""

    @abstractmethod
    async def heard(
        self, community: CommunityId, insights: Collection[InsightId], status: Status
    ) -> Mapping[InsightId, Heard]:
        """Who heard that each of these insights has that status, everybody once; none where nobody was to.

        Whoever wanted to hear nothing, or had taken their words back, does not count.
        """

    @abstractmethod
    async def showing(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Telling]:
        """The tellings that quote one of these messages in a channel, by post."""

    @abstractmethod
    async def tell_by(self, community: CommunityId, telling: Telling) -> None:
        """The member is told by this post instead of the one before."""
