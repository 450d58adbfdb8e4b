"""Who the learning partners are, and what they are told."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.partners import Partner, PartnerGroup, SummaryLine


class Partners(Protocol):
    """The group of a community: one at most."""

    @abstractmethod
    async def group(self, community: CommunityId) -> PartnerGroup | None:
        """Where it talks; None where it has no channel."""

    @abstractmethod
    async def put_group(self, group: PartnerGroup) -> None:
        """Create or change it."""

    @abstractmethod
    async def remove_group(self, community: CommunityId) -> None:
        """It has no channel any more. Whoever is a partner stays one."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[Partner]:
        """Everybody who was invited, whatever came of it, by when that was."""

    @abstractmethod
    async def get(self, community: CommunityId, member: MemberId) -> Partner | None:
        """One of them, or None."""

    @abstractmethod
    async def put(self, partner: Partner) -> None:
        """Create or change one."""

    @abstractmethod
    async def remove(self, community: CommunityId, member: MemberId) -> None:
        """Forget that they were invited. Nothing happens to whoever was not."""

    @abstractmethod
    async def news(self, group: PartnerGroup, until: datetime, last_voice: int) -> Sequence[SummaryLine]:
        """What the group was not told yet, each once: what came of things first, then what was heard, the latest first.

        That is what voices of any insight were told of its status, until that moment, and what partners said, up to
        that voice: what is read late counts the next time.
        """
