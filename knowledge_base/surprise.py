"""How surprising a count is beside those of earlier times of the same length: pure functions of counts.

Both ask for the chance that one more such time, like those before, brings as much or more. Counts of people scatter
more than chance alone would have it (one good answer brings ten more), so the scatter of the past is part of the model:
a negative binomial for counts, a beta-binomial for shares, each fitted by its moments.
"""

from collections.abc import Sequence
from math import exp, inf, lgamma, log
from typing import Final

_HALF: Final = 0.5
"""Counted beside what was seen (Jeffreys' prior): what never happened is not impossible."""

_LEAST_SCATTER: Final = 0.01
"""Of shares, the least correlation between people of one day that is believed in."""


def chance_of_count(count: int, past: Sequence[int], mean: float, period: int) -> float:
    """The chance of ``count`` or more, where ``mean`` is to be expected and counts scatter as the ``past`` ones did.

    ``past`` is longer than ``period``, after which what is usual comes again (days: a week). Between 0 and 1.
    """
    if count <= 0:
        return 1.0
    mean = max(mean, _HALF / len(past))
    size = min(sum(past) + _HALF, _size(past, period))
    seen, unseen = log(mean / (size + mean)), log(size / (size + mean))
    below = (exp(lgamma(n + size) - lgamma(size) - lgamma(n + 1) + size * unseen + n * seen) for n in range(count))
    return min(1.0, max(0.0, 1.0 - sum(below)))


def chance_of_share(count: int, of: int, past: Sequence[tuple[int, int]]) -> float:
    """The chance that of so many people ``count`` or more are such, where of the ``past`` ones some were.

    ``past``: how many were such, of how many; not all of them of none. Between 0 and 1.
    """
    such, people = sum(k for k, _ in past), sum(n for _, n in past)
    share = (such + _HALF) / (people + 2 * _HALF)
    weight = min(people + 2 * _HALF, 1 / _scatter(share, past) - 1)
    a, b = share * weight, (1 - share) * weight
    choices = lgamma(of + 1) + lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(of + a + b)
    tail = (
        exp(choices - lgamma(k + 1) - lgamma(of - k + 1) + lgamma(k + a) + lgamma(of - k + b))
        for k in range(count, of + 1)
    )
    return min(1.0, sum(tail))


def _size(past: Sequence[int], period: int) -> float:
    """The negative binomial's size by its moments; infinite where counts scatter no more than chance has it.

    Each count is held against the mean of those a period, or several, apart from it.
    """
    alike = [past[phase::period] for phase in range(period)]
    means = [sum(counts) / len(counts) for counts in alike]
    apart = sum((count - mean) ** 2 for counts, mean in zip(alike, means, strict=True) for count in counts)
    weights = [len(counts) for counts in alike]
    more = apart * len(past) / (len(past) - period) - sum(past)
    return sum(weight * mean**2 for weight, mean in zip(weights, means, strict=True)) / more if more > 0 else inf


def _scatter(share: float, past: Sequence[tuple[int, int]]) -> float:
    """The correlation between people of one day, by the moments of the days."""
    once = share * (1 - share)
    apart = sum((k - n * share) ** 2 - n * once for k, n in past)
    pairs = sum(n * (n - 1) for _, n in past) * once
    return min(0.99, max(_LEAST_SCATTER, apart / pairs)) if pairs else _LEAST_SCATTER
