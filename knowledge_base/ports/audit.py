"""The audit log."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import Protocol

from knowledge_base.audit import AuditEntry
from knowledge_base.ids import CommunityId, InsightId


class Audit(Protocol):
    """What staff and admins did. It only grows: an entry can't be changed or removed, not even by hand.

    When two accounts become one member, and when one community joins another, entries go with them.
    """

    @abstractmethod
    async def add(self, entry: AuditEntry) -> None:
        """Keep an entry for good."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[AuditEntry]:
        """Every entry, oldest first."""

    @abstractmethod
    async def on(
        self, community: CommunityId, insights: Collection[InsightId], numbers: Collection[int]
    ) -> Sequence[AuditEntry]:
        """What was granted on one of these insights, named by id or by number, or on any message, newest first."""

    @abstractmethod
    async def latest(self, community: CommunityId, limit: int) -> Sequence[AuditEntry]:
        """The latest entries, newest first."""
