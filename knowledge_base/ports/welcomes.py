"""Who is welcomed, and how."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from knowledge_base.ids import CommunityId, MemberId, MessageId
from knowledge_base.welcomes import Welcome


class Welcomes(Protocol):
    """What communities chose, and who was welcomed."""

    @abstractmethod
    async def chosen(self, community: CommunityId) -> Welcome:
        """What the community chose; off where nobody did."""

    @abstractmethod
    async def choose(self, community: CommunityId, welcome: Welcome) -> None:
        """It holds from now on."""

    @abstractmethod
    async def is_first(self, community: CommunityId, member: MemberId, message: MessageId) -> bool:
        """Whether nothing else that a member said was ever stored, deleted or not."""

    @abstractmethod
    async def once(self, community: CommunityId, member: MemberId, now: datetime) -> bool:
        """Note that a member is welcomed now; False, with nothing noted, if they were before."""
