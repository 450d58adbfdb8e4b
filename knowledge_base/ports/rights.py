"""How long what was said is kept, and the terms on which it is given."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.channels import Audience
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.terms import Terms


class Retentions(Protocol):
    """For how many days what is said is kept, by who could read it; without a number it is kept on."""

    @abstractmethod
    async def of(self, community: CommunityId) -> Mapping[Audience, int]:
        """Those that were chosen, in days."""

    @abstractmethod
    async def choose(self, community: CommunityId, audience: Audience, days: int | None) -> None:
        """So long from now on; None: kept on."""


class AllTerms(Protocol):
    """The terms of a community, version after version. None is ever changed or removed."""

    @abstractmethod
    async def publish(self, community: CommunityId, text: str, by: MemberId, at: datetime) -> Terms:
        """The next version, counting up from 1. The community is locked."""

    @abstractmethod
    async def versions(self, community: CommunityId) -> Sequence[Terms]:
        """Every version, oldest first."""
