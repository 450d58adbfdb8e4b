"""What voices are to hear, and who does not want to."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.announcements import Announcement
from knowledge_base.ids import AnnouncementId, CommunityId, InsightId, MemberId


class Announcements(Protocol):
    """What was prepared for everybody who voiced an insight, and what became of that."""

    @abstractmethod
    async def add(self, announcement: Announcement) -> None:
        """Store a new one."""

    @abstractmethod
    async def replace(self, announcement: Announcement) -> None:
        """Store its text, its state, and who gave it that when."""

    @abstractmethod
    async def get(self, community: CommunityId, announcement: AnnouncementId) -> Announcement | None:
        """One, or None."""

    @abstractmethod
    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Announcement]:
        """Those of an insight, in the order of its changes of status, then of what was done with them."""


class Mutes(Protocol):
    """Who wants to hear nothing, of one insight or of any."""

    @abstractmethod
    async def add(self, community: CommunityId, member: MemberId, insight: InsightId | None, now: datetime) -> None:
        """A member wants to hear nothing more of an insight, or for None of any. Twice is once."""

    @abstractmethod
    async def remove(self, community: CommunityId, member: MemberId, insight: InsightId | None) -> None:
        """They want to again, or for None of all: nothing is muted then."""

    @abstractmethod
    async def of_member(self, community: CommunityId, member: MemberId) -> Sequence[InsightId | None]:
        """What a member muted, None for all, longest first."""

    @abstractmethod
    async def unwilling(
        self, community: CommunityId, insight: InsightId, members: Collection[MemberId]
    ) -> frozenset[MemberId]:
        """Which of these members muted the insight or all, or allow nothing of theirs to be recorded."""
