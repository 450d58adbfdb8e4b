"""Early signs: what a day of a channel is beside its own past. Pure functions of counts of people, never of messages.

A day here is any 24 hours: they are counted back from the moment of the look, so that past ones end at the same time
of day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from knowledge_base.ids import ChannelId, CommunityId, SpaceId, TeamId
from knowledge_base.surprise import chance_of_count, chance_of_share

DAY: Final = timedelta(days=1)
WEEK: Final = 7
LONGEST_PAST: Final = 56
"""So many days are looked back at."""
SHORTEST_PAST: Final = 28
"""With fewer days than this, nothing is said of a channel."""
PEOPLE: Final = 5
"""Fewer people than this are no sign, unless admins choose otherwise."""
FEWEST_PEOPLE: Final = 3
"""Less can't be chosen: two people who talk to each other are no sign."""
CHANCE: Final = 1e-4
"""What would come by chance more often than this is no sign. Looks at one day are not independent of each other."""
TIMES: Final = 2
"""Nor are fewer people than so many times the usual."""
TURN: Final = 0.2
"""Nor is a share of people that grew by less than this."""

LASTS: Final = timedelta(days=28)
"""What lasts for longer is no sign any more, but what is usual now."""

_FORTNIGHT: Final = 14


class SignSort(StrEnum):
    """What is unusual."""

    SURGE = "surge"
    """So many people say something that the firm should know."""
    TONE = "tone"
    """So many of those who speak are unhappy."""
    COMPETITOR = "competitor"
    """So many people name a competitor."""


@dataclass(frozen=True, slots=True)
class Day:
    """Customers of a channel in one day, each counted once.

    ``people`` spoke, ``telling`` of them said something of an insight's kind, also where it was deleted since. Of what
    is kept: ``kept`` spoke, ``telling_kept`` said such a thing, ``negative`` were unhappy, ``named`` a competitor each.
    """

    people: int = 0
    telling: int = 0
    kept: int = 0
    telling_kept: int = 0
    negative: int = 0
    named: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether more is kept of it than was deleted, so that tone and competitors can be counted."""
        return 2 * self.kept >= self.people


@dataclass(frozen=True, slots=True)
class Topical:
    """What a sign is about, so that it is told once: its sort, where, and the competitor (else empty)."""

    sort: SignSort
    space: SpaceId
    channel: ChannelId
    competitor: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Something unusual: how many people, of how many who spoke; ``usual`` is people a day, of a tone the share."""

    sort: SignSort
    people: int
    of: int
    usual: float
    competitor: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """What is not told of, until then; None: for good."""

    about: Topical
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it is silenced at that moment."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class SignSettings:
    """Which team is told of signs, of which sorts, and from how many people on."""

    community: CommunityId
    team: TeamId
    people: int = PEOPLE
    sorts: tuple[SignSort, ...] = tuple(SignSort)


def found(today: Day, past: Sequence[Day], least: int = PEOPLE) -> tuple[Found, ...]:
    """What is unusual about a day. ``past``: the days before it, the latest first; ``least``: so many people at least.

    With fewer than :data:`SHORTEST_PAST` days, nothing is.
    """
    return tuple(_found(today, past[:LONGEST_PAST], least))


def is_over(told: Found, since: timedelta, today: Day) -> bool:
    """Whether a day is nearer to what is usual than to what was told so long ago.

    Not before the day has passed in which it was found; and what lasts for long is what is usual now.
    """
    if not DAY <= since < LASTS:
        return since >= LASTS
    if told.sort is SignSort.TONE:
        return not today.kept or today.negative / today.kept < (told.usual + told.people / told.of) / 2
    count = today.telling_kept if told.sort is SignSort.SURGE else today.named.get(told.competitor, 0)
    return count < (told.usual + told.people) / 2


def _found(today: Day, past: Sequence[Day], least: int) -> Iterator[Found]:
    telling = _usual([day.telling for day in past])
    if _surges(today.telling_kept, telling, least):
        yield Found(SignSort.SURGE, today.telling_kept, today.kept, _expected(telling))
    shares = [(day.negative, day.kept) for day in past if day.is_kept and day.kept]
    if _turns(today, shares, least, sum(day.is_kept for day in past)):
        yield Found(SignSort.TONE, today.negative, today.kept, _share(shares))
    for competitor in sorted(today.named):
        named = [day.named.get(competitor, 0) for day in past if day.is_kept]
        if _surges(today.named[competitor], named, least):
            yield Found(SignSort.COMPETITOR, today.named[competitor], today.kept, _expected(named), competitor)


def _surges(count: int, usual: Sequence[int], least: int) -> bool:
    if count < least or len(usual) < SHORTEST_PAST:
        return False
    if count <= max(usual) or count < TIMES * _expected(usual):
        return False
    return chance_of_count(count, usual, _expected(usual), WEEK) < CHANCE


def _usual(past: Sequence[int]) -> Sequence[int]:
    """As many days as there are fortnights are cut down to the next: an earlier surge must not hide another.

    Not so of names: who names a competitor is answered by others who do, so that single high days are what is usual.
    """
    if not past:
        return past
    cut = sorted(past)[-1 - len(past) // _FORTNIGHT]
    return [min(count, cut) for count in past]


def _expected(usual: Sequence[int]) -> float:
    """What a day brings, or such a weekday, whichever is more."""
    weekdays = usual[WEEK - 1 :: WEEK]
    return max(sum(usual) / len(usual), sum(weekdays) / len(weekdays))


def _turns(today: Day, past: Sequence[tuple[int, int]], least: int, days: int) -> bool:
    if today.negative < least or days < SHORTEST_PAST or not past:
        return False
    if today.negative / today.kept < _share(past) + TURN:
        return False
    return chance_of_share(today.negative, today.kept, past) < CHANCE


def _share(past: Sequence[tuple[int, int]]) -> float:
    return sum(k for k, _ in past) / sum(n for _, n in past)
