"""Whether it does anything to remind people: those who were, compared with those whom chance held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, variance
from typing import Final

LEAST: Final = 30
"""Of how many people at least each group has to be."""

_Z: Final = 1.959963984540054
"""Of the normal distribution, 95 % lie within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often a member said something that counts in the time after. ``held``: they were held back."""

    held: bool
    times: int


class Verdict(StrEnum):
    """What can be said of it."""

    TOO_FEW = "too_few"
    NOTHING = "nothing"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Group:
    """How many people, and how often each of them said something on average."""

    people: int
    mean: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Both groups; by how much the mean of those who were reminded is higher lies in ``low`` to ``high``, at 95 %."""

    reminded: Group
    held: Group
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """What can be said of it: nothing where the interval holds 0."""
        if min(self.reminded.people, self.held.people) < LEAST:
            return Verdict.TOO_FEW
        if self.low > 0:
            return Verdict.MORE
        return Verdict.LESS if self.high < 0 else Verdict.NOTHING


def effect_of(outcomes: Sequence[Outcome]) -> Effect:
    """The two groups compared, with Welch's interval for two means whose variances differ (Biometrika 34, 1947).

    Of too few people the interval is the mean's difference alone; it says nothing then.
    """
    reminded = [one.times for one in outcomes if not one.held]
    held = [one.times for one in outcomes if one.held]
    groups = (_group(reminded), _group(held))
    apart = groups[0].mean - groups[1].mean
    around = _around(reminded, held) if min(len(reminded), len(held)) >= LEAST else 0.0
    return Effect(*groups, apart - around, apart + around)


def _group(times: Sequence[int]) -> Group:
    return Group(len(times), fmean(times) if times else 0.0)


def _around(one: Sequence[int], other: Sequence[int]) -> float:
    """Half of the interval's length."""
    parts = [(variance(times) / len(times), len(times)) for times in (one, other)]
    squared = sum(part for part, _ in parts)
    if not squared:
        return 0.0
    freedom = squared**2 / sum(part**2 / (size - 1) for part, size in parts)
    return _student(freedom) * sqrt(squared)


def _student(freedom: float) -> float:
    """The 97.5 % point of Student's t, by the expansion of Cornish and Fisher (Abramowitz and Stegun, 26.7.5).

    From 20 degrees of freedom on, it is wrong by less than 0.0001.
    """
    z, n = _Z, freedom
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / n + second / n**2 + third / n**3
