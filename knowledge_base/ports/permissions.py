"""Who may do what, where that is not as usual."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol

from knowledge_base.ids import CommunityId
from knowledge_base.members import Role


class Permissions(Protocol):
    """The roles that admins chose for what is done: an act is a noun and a verb, such as ``route add``."""

    @abstractmethod
    async def of(self, community: CommunityId) -> Mapping[str, Role]:
        """For each act that was chosen the role that it needs, by act."""

    @abstractmethod
    async def choose(self, community: CommunityId, act: str, role: Role | None) -> None:
        """It needs this role from now on; None: as usual."""
