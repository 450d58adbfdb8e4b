"""Private notes of staff."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import Protocol

from knowledge_base.ids import CommunityId, InsightId, MemberId, MessageId
from knowledge_base.notes import Note


class Notes(Protocol):
    """What staff wrote about messages. A note is shown with the insight that its message voices at present."""

    @abstractmethod
    async def add(self, note: Note) -> None:
        """Keep a note."""

    @abstractmethod
    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Note]:
        """The notes about its voices, oldest first."""

    @abstractmethod
    async def read_ahead(self, community: CommunityId, insights: Sequence[InsightId]) -> None:
        """The notes of these will be asked for."""

    @abstractmethod
    async def by_member(self, community: CommunityId, member: MemberId) -> Sequence[Note]:
        """The notes that somebody wrote, oldest first."""

    @abstractmethod
    async def erase_about(self, community: CommunityId, messages: Collection[MessageId]) -> None:
        """Remove every note about these messages."""

    @abstractmethod
    async def erase_by(self, community: CommunityId, member: MemberId) -> None:
        """Remove every note that somebody wrote."""
