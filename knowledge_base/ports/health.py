"""How well the loop runs: what storage counts of it, set by set, however many insights there are."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from knowledge_base.escalations import HealthSettings, Nudge, Stuck
from knowledge_base.funnels import Funnel
from knowledge_base.health import Declined, Deeds, SilentTeam
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.insights import Insight


class Health(Protocol):
    """What is counted are insights that have a voice, without those that are merged or no insights."""

    @abstractmethod
    async def funnel(self, community: CommunityId, since: datetime) -> Funnel:
        """How far the insights came that were first said since then, and how many messages customers wrote.

        Routed: a card was sent, or a digest told of it. Seen: somebody of the firm did something with it first.
        Decided and shipped: its present status says so. Told: the first of its voices heard that it is shipped.
        Thanked: everybody who was to hear that has heard it.
        """

    @abstractmethod
    async def declined(self, community: CommunityId, since: datetime) -> Sequence[Declined]:
        """Of insights first said since then: how many each team declined for which reason, most first."""

    @abstractmethod
    async def decided(self, community: CommunityId, since: datetime) -> Mapping[TeamId, int]:
        """Of insights first said since then: how many of each team's were decided, declined ones among them."""

    @abstractmethod
    async def unowned(self, community: CommunityId) -> int:
        """How many open insights nobody owns."""

    @abstractmethod
    async def most_unowned(self, community: CommunityId, limit: int) -> Sequence[Insight]:
        """Open insights that nobody owns, with the highest demand first."""

    @abstractmethod
    async def silent(self, community: CommunityId, before: datetime) -> Sequence[SilentTeam]:
        """Teams with cards from before then that are new still, of whose insights none was touched since then."""

    @abstractmethod
    async def stuck(
        self, community: CommunityId, before: datetime, told_before: datetime, today: date, limit: int
    ) -> Sequence[Stuck]:
        """Open insights whose cards stand, and with which nothing happened since ``before``, longest stuck first.

        Left out: those of which somebody was reminded after ``told_before``, or the last one was at any time; those
        that have until ``today`` or longer; and those that are planned or begun, unless their day has passed.
        """

    @abstractmethod
    async def nudged(self, community: CommunityId, insight: InsightId, step: Nudge, at: datetime) -> None:
        """Somebody was reminded. Once an insight and step."""

    @abstractmethod
    async def deeds(self, community: CommunityId, since: datetime) -> Sequence[Deeds]:
        """What each of the firm's people did since then, of whoever did anything, in no order."""

    @abstractmethod
    async def settings(self, community: CommunityId) -> HealthSettings:
        """What admins chose, or what a community begins with."""

    @abstractmethod
    async def put_settings(self, settings: HealthSettings) -> None:
        """They hold from now on."""
