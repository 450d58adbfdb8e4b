"""What a community gives, what of it is left, and the ledger of who got what."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.ids import CommunityId, MemberId, RewardId
from knowledge_base.rewards import Again, Budget, Grant, Granting, GrantState, Reward, Stock


class Rewards(Protocol):
    """A community's rewards and their codes. The community is locked to add rewards, for their numbers."""

    @abstractmethod
    async def add(self, reward: Reward) -> None:
        """Add one. Its number is not given yet."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[Reward]:
        """Every one ever, by number."""

    @abstractmethod
    async def get(self, community: CommunityId, reward: RewardId) -> Reward | None:
        """One, or None."""

    @abstractmethod
    async def budget(self, community: CommunityId, reward: RewardId, budget: Budget) -> bool:
        """It is that from now on; False, and nothing changes, where more than that is given already."""

    @abstractmethod
    async def close(self, community: CommunityId, reward: RewardId, now: datetime) -> None:
        """It is given no more. Codes that nobody has are forgotten."""

    @abstractmethod
    async def stock(self, community: CommunityId, now: datetime) -> Mapping[RewardId, Stock]:
        """What is left of each reward that is still given."""

    @abstractmethod
    async def add_codes(self, community: CommunityId, reward: RewardId, codes: Sequence[str]) -> int:
        """Seal these and keep them; how many were new. One that the community ever had is left out, whatever it was
        for and whoever got it."""


class Grants(Protocol):
    """The ledger. No piece is given twice and none that is not there, however many try at one time."""

    @abstractmethod
    async def give(self, grant: Grant, again: Again) -> tuple[Granting, Grant | None]:
        """Take a piece of the reward out of its budget, that of its month, and its codes, for the member.

        All in the unit of work, and nothing unless :attr:`Granting.GIVEN`; then the line comes back, with its number.
        Others who want the same reward wait until the unit of work ends.
        """

    @abstractmethod
    async def get(self, community: CommunityId, reward: RewardId, number: int) -> Grant | None:
        """A line, or None."""

    @abstractmethod
    async def of_member(self, community: CommunityId, member: MemberId) -> Sequence[Grant]:
        """What a member ever got, oldest first."""

    @abstractmethod
    async def in_state(self, community: CommunityId, states: Collection[GrantState]) -> Sequence[Grant]:
        """The lines that are in one of these states, oldest first."""

    @abstractmethod
    async def hand_over(self, grant: Grant, post: str) -> None:
        """It is handed over by that outbox row.

        Once that is sent the line is :attr:`GrantState.FULFILLED`, if it is still given, and its code is forgotten
        (see :meth:`dialogue.ports.Outbox.sent`).
        """

    @abstractmethod
    async def end(self, grant: Grant, state: GrantState, now: datetime) -> bool:
        """The line has this state from now on; False, and nothing changes, where it ended before or is in it.

        A piece that can go to somebody else goes back to where it was taken from
        (:func:`knowledge_base.rewards.comes_back`); a code that can't is forgotten.
        """

    @abstractmethod
    async def code(self, grant: Grant) -> str | None:
        """The code that goes with a line, or None where there is none, it is forgotten, or the key was changed."""
