"""Tenants, their channels, and the codes that join spaces."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.codes import Code, Entry, Purpose
from knowledge_base.ids import (
    ChannelId,
    CommunityId,
    SpaceId,
)
from knowledge_base.insights import Status
from knowledge_base.members import Policy


class Communities(Protocol):
    """Tenants and the spaces they hold."""

    @abstractmethod
    async def of_space(self, space: SpaceId) -> CommunityId | None:
        """The community a space belongs to, or None for a space never seen."""

    @abstractmethod
    async def found(self, community: CommunityId, space: SpaceId, name: str, now: datetime) -> None:
        """Create a community with its first space."""

    @abstractmethod
    async def expect(self, community: CommunityId, name: str, now: datetime) -> None:
        """Create a community without any space: see :meth:`expected`."""

    @abstractmethod
    async def expected(self) -> CommunityId | None:
        """The oldest community that has no space yet, or None: the next space that nobody knows belongs to it."""

    @abstractmethod
    async def all(self) -> Sequence[tuple[CommunityId, str]]:
        """Every community with its name, oldest first. For an operator: no member of one may hear of another."""

    @abstractmethod
    async def add_space(self, community: CommunityId, space: SpaceId) -> None:
        """Make a space that belongs to no community yet one more of this community's."""

    @abstractmethod
    async def spaces(self, community: CommunityId) -> Sequence[SpaceId]:
        """Its spaces, sorted."""

    @abstractmethod
    async def admin_channel(self, community: CommunityId) -> tuple[SpaceId, ChannelId] | None:
        """Where admins hear what needs them, as they chose it, or None."""

    @abstractmethod
    async def choose_admin_channel(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> None:
        """It is there from now on."""

    @abstractmethod
    async def policy(self, community: CommunityId) -> Policy:
        """What holds for members who chose nothing."""

    @abstractmethod
    async def choose_policy(self, community: CommunityId, policy: Policy) -> None:
        """It holds from now on."""

    @abstractmethod
    async def told(self, community: CommunityId) -> Sequence[Status]:
        """The statuses of which customers are told, as they were chosen;
        :data:`~knowledge_base.statuses.TOLD_AT_FIRST` where nobody chose."""

    @abstractmethod
    async def choose_told(self, community: CommunityId, statuses: Sequence[Status]) -> None:
        """Customers are told of these from now on; of nothing by itself where there is none."""

    @abstractmethod
    async def is_new(self, community: CommunityId) -> bool:
        """Whether it has no insight, no answer, no team and no tag yet, so that it can be absorbed."""

    @abstractmethod
    async def absorb(self, other: CommunityId, community: CommunityId) -> None:
        """All that belongs to ``other``, which is new, belongs to ``community`` from now on, and ``other`` is gone.

        If the policy of either is the stricter one, that holds.
        """

    @abstractmethod
    async def lock(self, community: CommunityId) -> None:
        """Hold the right to create and merge insights until the unit of work ends. Taken after any lanes."""


class Codes(Protocol):
    """Codes that hold for a few minutes and are used once."""

    @abstractmethod
    async def add(self, code: Code, now: datetime) -> None:
        """Keep a new code; those that expired are forgotten."""

    @abstractmethod
    async def find(self, digest: str, purpose: Purpose, now: datetime) -> Code | None:
        """The code of that digest and purpose, of whichever community, if it still holds; else None."""

    @abstractmethod
    async def enter(self, code: Code, entry: Entry) -> None:
        """Somebody has entered it; whoever did so before is forgotten."""

    @abstractmethod
    async def remove(self, code: Code) -> None:
        """It was used."""


class Channels(Protocol):
    """Places people talk in."""

    @abstractmethod
    async def see(
        self,
        community: CommunityId,
        space: SpaceId,
        channel: ChannelId,
        name: str,
        audience: Audience,
        shared: Shared,
        *,
        direct: bool = False,
    ) -> Channel:
        """Note what the platform says of a channel and return it: new ones get the default mode of their audience.

        An audience or mode chosen by an admin stays (see :meth:`choose`); name and ``shared`` follow the platform. What
        was once ``direct`` stays so, and has no name: that would be somebody's.
        """

    @abstractmethod
    async def get(self, space: SpaceId, channel: ChannelId) -> Channel | None:
        """One channel, or None."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[Channel]:
        """Every channel but those between one person and the bot, by name."""

    @abstractmethod
    async def listened(self, space: SpaceId) -> Sequence[Channel]:
        """Every channel of a space in which messages are kept, those between one person and the bot among them."""

    @abstractmethod
    async def choose(
        self, space: SpaceId, channel: ChannelId, audience: Audience | None = None, mode: Mode | None = None
    ) -> None:
        """Set what an admin chose; None leaves it. A mode that nobody chose follows the audience.

        That only the firm's people read a channel holds until the platform lets more people read it than at the choice.
        """

    @abstractmethod
    async def unchoose_audience(self, space: SpaceId, channel: ChannelId) -> None:
        """Of a channel that the platform calls private the audience is that again; of others it stays as chosen."""

    @abstractmethod
    async def unchoose_mode(self, space: SpaceId, channel: ChannelId) -> None:
        """The mode is the default of the audience, as if nobody had chosen."""

    @abstractmethod
    async def remove(self, space: SpaceId, channel: ChannelId) -> None:
        """It is no channel any more. Nothing happens if there is none."""
