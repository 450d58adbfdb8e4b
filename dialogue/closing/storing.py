"""Who is told of an announcement by which post. Reached through :mod:`dialogue.ports`."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from dialogue.actions import OutboxId
from dialogue.rows import OutboxState
from knowledge_base.ids import AnnouncementId, ChannelId, CommunityId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Status


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
    async def showing(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Telling]:
        """The tellings that quote one of these messages in a channel, by post."""

    @abstractmethod
    async def tell_by(self, community: CommunityId, telling: Telling) -> None:
        """The member is told by this post instead of the one before."""
