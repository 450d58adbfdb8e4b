"""The circuit breaker: after several failures in a row the model is left alone, longer each time.

Its state is nothing but the calls that were recorded, so every process sees the same and a restart forgets nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from dialogue.advice.values import Call, CallState

FAILURES: Final = 3
"""Failures in a row after which the model is left alone."""

FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=15)

LOOK_BACK: Final = FAILURES + 8
"""How many calls tell the state: with more failures the pause is the longest anyway."""


def resting_until(latest: Sequence[Call]) -> datetime | None:
    """Until when the model is left alone; None where it may be asked. ``latest``: its calls, the latest first.

    Once that moment has passed one call may try (half open): answered, it closes the breaker; failed, the pause is
    twice as long.
    """
    failures = failures_in_a_row(latest)
    if failures < FAILURES:
        return None
    ended = latest[0].begun_at + timedelta(milliseconds=latest[0].spent.milliseconds)
    pause: timedelta = FIRST_PAUSE * (1 << failures - FAILURES)
    return ended + min(LONGEST_PAUSE, pause)


def failures_in_a_row(latest: Sequence[Call]) -> int:
    """How many of the latest calls failed one after the other."""
    return next((place for place, call in enumerate(latest) if call.state is not CallState.FAILED), len(latest))
