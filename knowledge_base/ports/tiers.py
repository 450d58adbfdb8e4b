"""Customers' tiers."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from knowledge_base.ids import CommunityId, SpaceId
from knowledge_base.tiers import Tier


class Tiers(Protocol):
    """Which roles or user groups mean which tier. A group means one tier; several may mean the same."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[Tier]:
        """Every one, by name, space and group."""

    @abstractmethod
    async def of_space(self, community: CommunityId, space: SpaceId) -> Sequence[Tier]:
        """Those of a space, in the same order."""

    @abstractmethod
    async def put(self, tier: Tier) -> None:
        """Its group means this tier from now on."""

    @abstractmethod
    async def remove(self, community: CommunityId, space: SpaceId, group: str) -> bool:
        """The group means no tier any more; False if it meant none."""
