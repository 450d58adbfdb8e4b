"""Who there is."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.ids import (
    AccountId,
    CommunityId,
    MemberId,
    SpaceId,
)
from knowledge_base.members import Account, Consent, Group, Member, Recording, Role


class Members(Protocol):
    """People and their accounts."""

    @abstractmethod
    async def expect(self, community: CommunityId, space: SpaceId, accounts: Sequence[AccountId]) -> None:
        """These will be seen soon in this unit of work: look them up together, which is faster."""

    @abstractmethod
    async def see(
        self,
        community: CommunityId,
        space: SpaceId,
        account: AccountId,
        name: str,
        role: Role,
        fresh: MemberId,
        tier: str | None = None,
    ) -> Member:
        """The member behind an account, with name and role brought up to date; a new one gets the id ``fresh``.

        So is the ``tier``, unless it is None: then what is known of it stays.
        """

    @abstractmethod
    async def behind(self, community: CommunityId, space: SpaceId, account: AccountId) -> Member | None:
        """The member behind an account, or None for somebody new."""

    @abstractmethod
    async def known(
        self, community: CommunityId, space: SpaceId, accounts: Sequence[AccountId]
    ) -> frozenset[AccountId]:
        """Which of these accounts are members' who are called by a name: nobody new, and nobody who took it back."""

    @abstractmethod
    async def groups(self, community: CommunityId, space: SpaceId) -> Sequence[Group]:
        """The roles and user groups of a space by which people are staff or admins here, by id."""

    @abstractmethod
    async def choose_groups(self, community: CommunityId, space: SpaceId, groups: Sequence[Group]) -> None:
        """These and no others of the space give a role from now on. The community is locked."""

    @abstractmethod
    async def get(self, community: CommunityId, member: MemberId) -> Member | None:
        """One member, or None."""

    @abstractmethod
    async def accounts(self, community: CommunityId, member: MemberId) -> Sequence[Account]:
        """A member's accounts."""

    @abstractmethod
    async def speaking_as(
        self, community: CommunityId, space: SpaceId, members: Collection[MemberId]
    ) -> Mapping[MemberId, AccountId]:
        """The account by which each of these members speaks in a space, the first of several; some may have none."""

    @abstractmethod
    async def consent(self, community: CommunityId, member: MemberId, consent: Consent) -> None:
        """Record what a member allows from now on; the earlier choice is kept as history."""

    @abstractmethod
    async def become_one(self, community: CommunityId, member: MemberId, other: MemberId) -> None:
        """``other`` is the same person: all that was theirs is ``member``'s, and ``other`` is gone.

        What either of them refused stays refused. Insights that ``other`` voiced have to be recounted.
        """

    @abstractmethod
    async def forget_name(self, community: CommunityId, member: MemberId) -> None:
        """Blank a member's name, until they are seen again; who they are and what they chose stays."""

    @abstractmethod
    async def consent_history(self, community: CommunityId, member: MemberId) -> Sequence[Consent]:
        """Every choice, oldest first."""

    @abstractmethod
    async def unkept(self, space: SpaceId, accounts: Sequence[AccountId]) -> Mapping[AccountId, Recording]:
        """Those of these accounts whose words may not be kept, with what they chose.

        That is who stopped it, and by the policy of the space's community also who chose nothing, known or not.
        """

    @abstractmethod
    async def ask_once(self, community: CommunityId, space: SpaceId, account: AccountId, now: datetime) -> bool:
        """Note that an account's consent is asked for now; False, with nothing noted, if it was asked for before."""
