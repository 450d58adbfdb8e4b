"""The rules by which members are reminded of what their knowledge did, and what they want of that."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from knowledge_base.effects import Outcome
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.reminders import Occasion, Person, Planned, Reminder, ReminderSettings


class Reminders(Protocol):
    """Rules, what holds for all of them, and who was reminded of what.

    Whoever changes a rule or adds who is reminded has locked the community.
    """

    @abstractmethod
    async def rules(self, community: CommunityId) -> Sequence[Reminder]:
        """Every rule, by number, removed ones too."""

    @abstractmethod
    async def put(self, rule: Reminder) -> None:
        """Store a rule, in place of the one of that number."""

    @abstractmethod
    async def settings(self, community: CommunityId) -> ReminderSettings | None:
        """What admins chose, or what was usual when the first rule was made; None before."""

    @abstractmethod
    async def put_settings(self, community: CommunityId, settings: ReminderSettings) -> None:
        """They hold from now on."""

    @abstractmethod
    async def add(self, community: CommunityId, planned: Sequence[Planned], now: datetime) -> None:
        """These are reminded now, or held back."""

    @abstractmethod
    async def get(self, community: CommunityId, rule: int, member: MemberId, key: str) -> Planned | None:
        """A member's occasion that was added, or None."""

    @abstractmethod
    async def added(self, community: CommunityId, rule: int, since: datetime) -> frozenset[tuple[MemberId, str]]:
        """Of a rule, whose occasions were added from that moment on, by their keys."""

    @abstractmethod
    async def lately(self, community: CommunityId, since: datetime) -> Mapping[MemberId, Sequence[datetime]]:
        """When everybody was reminded, or held back, after that moment."""

    @abstractmethod
    async def stop(self, community: CommunityId, member: MemberId, now: datetime) -> None:
        """A member wants no reminders any more. Twice is once."""

    @abstractmethod
    async def resume(self, community: CommunityId, member: MemberId) -> bool:
        """They want them again; False if they had not stopped them."""

    @abstractmethod
    async def choose_zone(self, community: CommunityId, member: MemberId, zone: str) -> None:
        """By which IANA zone a member's quiet hours go; empty: by the community's."""

    @abstractmethod
    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """Remove what a member was reminded of, and their zone. That they stopped them stays."""

    @abstractmethod
    async def outcomes(
        self, community: CommunityId, rule: int, before: datetime, within: timedelta
    ) -> Sequence[Outcome]:
        """What members did within that time after a rule's first occasion of theirs, where that was until ``before``.

        Left out is whoever was both reminded and held back, as two accounts that became one person may have been.
        """


class Occasions(Protocol):
    """What there is to remind members of, and whether they can be reminded. Reads only."""

    @abstractmethod
    async def first_insights(self, community: CommunityId, rule: int, since: datetime) -> Sequence[Occasion]:
        """Who voiced something for the first time since then that others said too, or that staff took up."""

    @abstractmethod
    async def status_changes(self, community: CommunityId, rule: int, since: datetime) -> Sequence[Occasion]:
        """Whose words before it were taken up or shipped since then, and are at that still; each with their latest."""

    @abstractmethod
    async def gone_quiet(
        self, community: CommunityId, rule: int, since: datetime, until: datetime
    ) -> Sequence[Occasion]:
        """Who voiced something once and said their last in ``since < at <= until``, which is when it begins."""

    @abstractmethod
    async def asked_again(self, community: CommunityId, rule: int, times: int, since: datetime) -> Sequence[Occasion]:
        """Whose approved answers settle what ``times`` others asked after they were found, the last of them since then.

        Its key is the answer; the message is what they advised.
        """

    @abstractmethod
    async def of_month(self, community: CommunityId, rule: int, since: datetime, until: datetime) -> Sequence[Occasion]:
        """Whose insights were said again, or given a status, in ``since <= at < until``, the end of which is when."""

    @abstractmethod
    async def people(
        self, community: CommunityId, members: Collection[MemberId], now: datetime
    ) -> Mapping[MemberId, Person]:
        """What is to be known of these members before they are reminded."""
