"""The ledger of contributions, the levels they lead to, and the boards that show them."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.contributions import CauseKind, Contribution, Share
from knowledge_base.ids import CommunityId, ContributionId, MemberId
from knowledge_base.levels import GivenRole, Level
from knowledge_base.seasons import Season


class Contributions(Protocol):
    """What came of what people gave. Lines are added and reversed, never changed. The community is locked to write."""

    @abstractmethod
    async def add(self, contributions: Sequence[Contribution]) -> None:
        """Add lines to the ledger."""

    @abstractmethod
    async def reverse(self, community: CommunityId, these: Collection[ContributionId], now: datetime) -> None:
        """Their cause is undone. Of one that was reversed before, the first time stays."""

    @abstractmethod
    async def of_causes(
        self, community: CommunityId, kind: CauseKind, causes: Collection[str]
    ) -> Sequence[Contribution]:
        """What came of these, by their ids, and is not reversed, oldest first."""

    @abstractmethod
    async def of_member(
        self, community: CommunityId, member: MemberId, since: datetime | None = None
    ) -> Sequence[Contribution]:
        """What a member contributed from that moment on and is not reversed, latest first."""

    @abstractmethod
    async def given_by(self, community: CommunityId, member: MemberId, since: datetime) -> Sequence[Contribution]:
        """What others got from a member from that moment on and is not reversed, latest first."""

    @abstractmethod
    async def total(self, community: CommunityId, member: MemberId, since: datetime | None = None) -> int:
        """The points of all that a member contributed from that moment on and is not reversed."""

    @abstractmethod
    async def shares(self, community: CommunityId, since: datetime, until: datetime) -> Sequence[Share]:
        """What counts of ``since <= at < until``, by member and kind, without what was held back."""

    @abstractmethod
    async def first_at(self, community: CommunityId, members: Collection[MemberId]) -> Mapping[MemberId, datetime]:
        """When each of these members first contributed something that counts."""

    @abstractmethod
    async def contributors(self, community: CommunityId) -> frozenset[MemberId]:
        """Whoever contributed something that counts and is not reversed."""

    @abstractmethod
    async def held_back(self, community: CommunityId, since: datetime) -> Sequence[Contribution]:
        """What guards held back from that moment on and is not reversed, latest first."""

    @abstractmethod
    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """Remove all that a member contributed; what others got from them stays, given by nobody."""


class Levels(Protocol):
    """A community's levels, each by a name and a threshold of its own."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[Level]:
        """Every one, the lowest first."""

    @abstractmethod
    async def put(self, level: Level) -> None:
        """Store a level, in place of one of the same name. No other has its threshold."""

    @abstractmethod
    async def remove(self, community: CommunityId, name: str) -> bool:
        """Remove one; False if there was none of that name."""

    @abstractmethod
    async def roles_of(self, community: CommunityId, member: MemberId) -> frozenset[GivenRole]:
        """The roles that a member's accounts have by their level."""

    @abstractmethod
    async def holders(self, community: CommunityId) -> frozenset[MemberId]:
        """Whoever has any role by their level."""

    @abstractmethod
    async def give(self, community: CommunityId, role: GivenRole) -> None:
        """An account has a role by its member's level now. Twice is once."""

    @abstractmethod
    async def take(self, community: CommunityId, role: GivenRole) -> None:
        """It has it no more."""


class Boards(Protocol):
    """A community's seasons, and who wants to be named on its board."""

    @abstractmethod
    async def seasons(self, community: CommunityId) -> Sequence[Season]:
        """Every season, the earliest first."""

    @abstractmethod
    async def put_season(self, season: Season) -> None:
        """Store a season, in place of one of the same name."""

    @abstractmethod
    async def remove_season(self, community: CommunityId, name: str) -> bool:
        """Remove one; False if there was none of that name."""

    @abstractmethod
    async def join(self, community: CommunityId, member: MemberId, now: datetime) -> None:
        """A member wants to be named there. Twice is once."""

    @abstractmethod
    async def leave(self, community: CommunityId, member: MemberId) -> bool:
        """They do not want to any more; False if they did not before."""

    @abstractmethod
    async def joined(self, community: CommunityId) -> frozenset[MemberId]:
        """Who wants to be named there."""
