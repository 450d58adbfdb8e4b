"""Reminders of benefit: when somebody is shown what their knowledge did, and when they are left in peace."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from knowledge_base.ids import CommunityId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Status
from knowledge_base.limits import Quiet
from knowledge_base.members import Role

MONTH: Final = timedelta(days=31)
"""Over how long the cap counts: no month of the calendar is longer."""
APART: Final = timedelta(days=1)
"""Nobody gets two within this time, whatever the cap."""
COMPLAINED: Final = timedelta(days=30)
"""How long somebody who complained is left in peace."""
TALKING: Final = timedelta(days=2)
"""How long a conversation is open after somebody spoke in it."""
WAITING: Final = timedelta(days=7)
"""How long it is for whoever asked something to which nobody has replied."""
QUIET_FOR: Final = timedelta(days=21)
"""How long somebody says nothing who has gone quiet."""
NEWCOMER: Final = timedelta(days=30)
"""How long somebody is new, from what they said first."""
TAKEN_UP: Final = (
    Status.ACKNOWLEDGED,
    Status.NEEDS_INFO,
    Status.PLANNED,
    Status.IN_PROGRESS,
    Status.SHIPPED,
)
"""Statuses that are worth telling of: somebody does something about it, or has."""
MOST_TIMES: Final = 1_000
MOST_CAP: Final = 10
MOST_SHARE: Final = 50
"""The most percent of people that a rule may hold back."""
TEXT_LIMIT: Final = 500

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_PERCENT: Final = 100


class When(StrEnum):
    """On which occasion a rule reminds somebody."""

    FIRST = "first"
    """Others say it too, or staff take it up, within a month of the first insight that somebody voiced."""
    STATUS = "status"
    """Staff take up, or ship, what somebody said before."""
    QUIET = "quiet"
    """Somebody said nothing for three weeks, and meanwhile something came of what they had said."""
    ANSWER = "answer"
    """So many others asked what an approved answer of theirs settles, after it was found."""
    MONTH = "month"
    """A month is over in which something came of what somebody said."""


PLACES: Final[Mapping[When, tuple[str, ...]]] = {
    When.FIRST: ("insight", "people", "others", "status"),
    When.STATUS: ("insight", "people", "others", "status"),
    When.QUIET: ("days", "others", "taken_up", "shipped"),
    When.ANSWER: ("answer", "times"),
    When.MONTH: ("month", "said", "others", "taken_up", "shipped"),
}
"""The facts that a rule's text can name, each between braces."""


class Whom(StrEnum):
    """Whom a rule reminds, of those whom its occasion concerns."""

    EVERYBODY = "everybody"
    NEWCOMERS = "newcomers"
    CONTRIBUTORS = "contributors"


class ReminderState(StrEnum):
    """``removed``: it is kept, so that its number is not given again and what it sent still counts."""

    RUNNING = "running"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A rule that admins made.

    ``number`` is its name for people, counted per community. ``since``: occasions before that are none. ``share``: the
    percent of people who are held back, chosen by ``seed``. ``tier``: only customers of it; empty: of any.
    ``times``: how many others have to have asked, for :attr:`When.ANSWER`.
    """

    community: CommunityId
    number: int
    when: When
    text: str
    seed: str
    since: datetime
    to: Whom = Whom.EVERYBODY
    tier: str = ""
    share: int = 0
    times: int = 1
    state: ReminderState = ReminderState.RUNNING


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """What holds for all rules of a community.

    ``cap``: how many somebody gets in a :data:`MONTH` at most. None in the hours of ``quiet``, by the clock of its zone
    for whoever chose none of their own.
    """

    cap: int
    quiet: Quiet | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to remind a member of by a rule, since ``at``. ``key`` names it among those of the rule.

    ``message``: what they said that it is about, in ``space``; there they are written to.
    """

    rule: int
    member: MemberId
    key: str
    at: datetime
    space: SpaceId
    message: MessageId


@dataclass(frozen=True, slots=True)
class Person:
    """What is to be known of a member before they are reminded.

    ``told_at``: when they were in the last :data:`MONTH`. ``willing``: they did not say that they want to hear nothing.
    ``talking``: a conversation of theirs is open. ``zone``: empty for that of the community.
    """

    member: MemberId
    role: Role = Role.CUSTOMER
    tier: str = ""
    zone: str = ""
    willing: bool = True
    told_at: tuple[datetime, ...] = ()
    complained_at: datetime | None = None
    talking: bool = False
    first_at: datetime | None = None
    contributed: bool = False


class Obstacle(StrEnum):
    """Why somebody is not reminded now."""

    UNWILLING = "unwilling"
    CAP = "cap"
    COMPLAINED = "complained"
    TALKING = "talking"
    QUIET_HOURS = "quiet_hours"


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody is reminded of an occasion now, or, ``held``, would be if the rule did not hold them back."""

    occasion: Occasion
    held: bool


def usual(zone: str) -> ReminderSettings:
    """What a community begins with, whose clock is that of the IANA ``zone``: two a month, none in the evening."""
    return ReminderSettings(2, Quiet(time(20), time(9), zone))


def misplaced(text: str, when: When) -> Sequence[str]:
    """What stands between braces in a text and is no fact of that occasion; a brace that stands alone is one, too."""
    alone = [brace for brace in "{}" if brace in _PLACE.sub("", text)]
    return [*(name for name in places_in(text) if name not in PLACES[when]), *alone]


def places_in(text: str) -> Sequence[str]:
    """The names between braces, each once."""
    return list(dict.fromkeys(_PLACE.findall(text)))


def filled(text: str, places: Mapping[str, str | int]) -> str:
    """The text with its facts. Raises ``KeyError`` for one that is not given."""
    return _PLACE.sub(lambda found: str(places[found[1]]), text)


def is_held_back(rule: Reminder, member: MemberId) -> bool:
    """Whether the rule holds a member back: always the same of the same rule and member, and else by chance."""
    digest = hashlib.sha256(f"{rule.seed}/{rule.number}/{member}".encode()).digest()
    return int.from_bytes(digest[:8]) % _PERCENT < rule.share


def concerns(rule: Reminder, person: Person, now: datetime) -> bool:
    """Whether a rule is for such people. Staff are reminded by none."""
    if not person.role.is_customer or (rule.tier and person.tier != rule.tier):
        return False
    match rule.to:
        case Whom.EVERYBODY:
            return True
        case Whom.NEWCOMERS:
            return person.first_at is not None and now - person.first_at < NEWCOMER
        case Whom.CONTRIBUTORS:
            return person.contributed


def obstacle(person: Person, settings: ReminderSettings, now: datetime) -> Obstacle | None:
    """Why somebody is not to be reminded now, the strictest reason first; None where nothing is in the way."""
    disturbing = disturbs(person, settings, now)
    if disturbing is Obstacle.UNWILLING:
        return disturbing
    return Obstacle.CAP if has_enough(person.told_at, settings, now) else disturbing


def has_enough(told_at: Collection[datetime], settings: ReminderSettings, now: datetime) -> bool:
    """Whether somebody who was reminded then is not to be reminded again now."""
    lately = [at for at in told_at if at > now - MONTH]
    return len(lately) >= settings.cap or any(at > now - APART for at in lately)


def disturbs(person: Person, settings: ReminderSettings, now: datetime) -> Obstacle | None:
    """The same without the cap, as it is asked once more when a reminder that counts already is about to leave."""
    if not person.willing:
        return Obstacle.UNWILLING
    if person.complained_at is not None and person.complained_at > now - COMPLAINED:
        return Obstacle.COMPLAINED
    if person.talking:
        return Obstacle.TALKING
    return Obstacle.QUIET_HOURS if is_quiet(settings, person.zone, now) else None


def is_quiet(settings: ReminderSettings, zone: str, now: datetime) -> bool:
    """Whether it is a quiet hour by the clock of that IANA zone; empty: of the community's."""
    quiet = settings.quiet
    return quiet is not None and replace(quiet, zone=zone or quiet.zone).at(now)


def month_before(now: datetime) -> tuple[datetime, datetime]:
    """The month of the calendar (UTC) that is over: when it began, and when the next one did."""
    after = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (after - timedelta(days=1)).replace(day=1), after


def planned(
    rules: Collection[Reminder],
    occasions: Collection[Occasion],
    people: Mapping[MemberId, Person],
    settings: ReminderSettings,
    now: datetime,
) -> Sequence[Planned]:
    """Who is reminded of what now: each person of one thing at most, the oldest first.

    Who is held back counts as reminded, so that what else comes to them does not depend on that.
    """
    by_number = {rule.number: rule for rule in rules if rule.state is ReminderState.RUNNING}
    chosen: dict[MemberId, Planned] = {}
    for occasion in sorted(occasions, key=lambda one: (one.at, one.rule, one.key)):
        rule, person = by_number.get(occasion.rule), people.get(occasion.member)
        if rule is None or person is None or occasion.member in chosen:
            continue
        if concerns(rule, person, now) and obstacle(person, settings, now) is None:
            chosen[occasion.member] = Planned(occasion, is_held_back(rule, occasion.member))
    return list(chosen.values())
