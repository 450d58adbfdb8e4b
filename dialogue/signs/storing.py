"""Signs that a team was told of, what is silenced, and the counts they come from. Reached by :mod:`dialogue.ports`."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogue.actions import OutboxId
from knowledge_base.ids import ChannelId, CommunityId, MemberId, MessageId, SpaceId
from knowledge_base.signs import Day, Found, SignSettings, Silence, Topical


@dataclass(frozen=True, slots=True)
class Sign:
    """What was found in a channel at a moment, told by the outbox row ``post``, which stands in a team's channel.

    ``over_at``: since when it is over, None while it lasts. ``evidence``: what was said, the latest first.
    """

    post: OutboxId
    found: Found
    space: SpaceId
    channel: ChannelId
    at: datetime
    team_space: SpaceId
    team_channel: ChannelId
    evidence: tuple[MessageId, ...] = ()
    over_at: datetime | None = None

    @property
    def about(self) -> Topical:
        """What it is about, by which it is silenced and told once."""
        return Topical(self.found.sort, self.space, self.channel, self.found.competitor)


class Signs(Protocol):
    """Only what customers say is counted."""

    @abstractmethod
    async def settings(self, community: CommunityId) -> SignSettings | None:
        """Which team is told, or None: nobody is."""

    @abstractmethod
    async def put_settings(self, settings: SignSettings) -> None:
        """They hold from now on."""

    @abstractmethod
    async def remove_settings(self, community: CommunityId) -> None:
        """Nobody is told from now on."""

    @abstractmethod
    async def busy(self, community: CommunityId, until: datetime, people: int) -> Sequence[tuple[SpaceId, ChannelId]]:
        """The channels in which so many people or more spoke in the day before ``until``, sorted."""

    @abstractmethod
    async def days(
        self, community: CommunityId, space: SpaceId, channel: ChannelId, until: datetime, back: int
    ) -> Sequence[Day]:
        """The day before ``until`` in a channel, and up to ``back`` days before that, the latest first.

        As many as have passed since the first message of the channel that is stored, at whatever time it was stored.
        """

    @abstractmethod
    async def evidence(
        self, community: CommunityId, about: Topical, until: datetime, limit: int
    ) -> Sequence[MessageId]:
        """What was said of it in the day before ``until``, the latest of each person, the latest first."""

    @abstractmethod
    async def add(self, community: CommunityId, sign: Sign) -> None:
        """A team is told of it."""

    @abstractmethod
    async def end(self, community: CommunityId, post: OutboxId, at: datetime) -> None:
        """It is over."""

    @abstractmethod
    async def forget_unposted(self, community: CommunityId) -> None:
        """Forget those whose post will never stand in the team's channel: nobody was told of them."""

    @abstractmethod
    async def get(self, community: CommunityId, post: OutboxId) -> Sign | None:
        """The sign of that post, or None."""

    @abstractmethod
    async def lasting(self, community: CommunityId) -> Sequence[Sign]:
        """Those that are not over, the oldest first."""

    @abstractmethod
    async def about(self, community: CommunityId, about: Topical) -> Sequence[Sign]:
        """All that are about that, the oldest first."""

    @abstractmethod
    async def showing(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Sign]:
        """Those whose evidence holds any of these messages."""

    @abstractmethod
    async def quoting(self, community: CommunityId, member: MemberId) -> Sequence[Sign]:
        """Those whose evidence holds anything that this member said."""

    @abstractmethod
    async def touching(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[Sign]:
        """Those about a channel, and those whose post stands in it."""

    @abstractmethod
    async def silence(self, community: CommunityId, silence: Silence) -> None:
        """It is silenced until then, and no longer as it was before."""

    @abstractmethod
    async def hear(self, community: CommunityId, about: Topical) -> None:
        """It is not silenced any more."""

    @abstractmethod
    async def silences(self, community: CommunityId) -> Sequence[Silence]:
        """Everything that was silenced, also for a time that has passed."""
