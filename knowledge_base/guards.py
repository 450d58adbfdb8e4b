"""What does not count, although it happened: points that people give themselves, each other, or in heaps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from knowledge_base.contributions import Contributed, Contribution, Guard
from knowledge_base.ids import MemberId

WEEK: Final = timedelta(days=7)
"""How far guards look back, and how long somebody is new."""

OF_ONE_PERSON: Final = 2
"""How often one person can give another something in a week."""

OF_NEWCOMERS: Final = 3
"""How often all who are new can give somebody something in a week."""

A_DAY: Final = {
    Contributed.DEMAND: 3,
    Contributed.REPORT: 5,
    Contributed.SHIPPED: 10,
    Contributed.SOLUTION: 5,
    Contributed.ANSWER: 5,
    Contributed.THANKS: 5,
}
"""How often each kind counts for one person within 24 hours."""


@dataclass(frozen=True, slots=True)
class Lately:
    """What was around a contribution, of the week before it: what its member got and what they gave to others,

    what its giver got, and which of all givers are new here.
    """

    got: Sequence[Contribution] = ()
    gave: Sequence[Contribution] = ()
    giver_got: Sequence[Contribution] = ()
    newcomers: Collection[MemberId] = ()


def guard_of(one: Contribution, lately: Lately) -> Guard | None:
    """Why a contribution does not count, the worst first; None for one that does."""
    if one.by == one.member:
        return Guard.SELF
    got = _near(one, lately.got, WEEK)
    if one.by is not None and _goes_round(one, lately):
        return Guard.CIRCLE
    if one.by is not None and sum(other.by == one.by for other in got) >= OF_ONE_PERSON:
        return Guard.PAIR
    if one.by in lately.newcomers and sum(other.by in lately.newcomers for other in got) >= OF_NEWCOMERS:
        return Guard.NEWCOMERS
    today = _near(one, lately.got, timedelta(days=1))
    return Guard.DAY if sum(other.kind is one.kind for other in today) >= A_DAY[one.kind] else None


def _goes_round(one: Contribution, lately: Lately) -> bool:
    """Whether who gets it gave something to its giver, or to somebody who did."""
    given_to = {other.member for other in _near(one, lately.gave, WEEK)}
    givers = {other.by for other in _near(one, lately.giver_got, WEEK)}
    return one.by in given_to or bool(given_to & givers)


def _near(one: Contribution, others: Sequence[Contribution], within: timedelta) -> Sequence[Contribution]:
    """Those that count and are not reversed, less than so long before it or after."""
    return [
        other
        for other in others
        if other.guard is None and other.reversed_at is None and abs(other.at - one.at) < within
    ]
