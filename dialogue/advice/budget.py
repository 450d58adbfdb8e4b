"""The day's budget: what is left of it, and when the next day begins. Days are UTC's."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from dialogue.advice.values import Spent

Item = TypeVar("Item")


def day_of(now: datetime) -> datetime:
    """When the day of a moment began."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


def next_day(now: datetime) -> datetime:
    """When the next day begins, and with it the next budget."""
    return day_of(now) + timedelta(days=1)


def left_of(per_day: Spent, spent: Spent) -> Spent:
    """What is left after that was spent; never below nothing."""
    return Spent(max(0, per_day.tokens - spent.tokens), max(0, per_day.milliseconds - spent.milliseconds))


def affordable(items: Sequence[Item], at_most: Callable[[Sequence[Item]], Spent], left: Spent) -> Sequence[Item]:
    """The longest beginning of ``items`` that surely costs no more than is left, at the worst; empty if none does."""
    for count in range(len(items), 0, -1):
        if at_most(items[:count]).within(left):
            return items[:count]
    return ()
