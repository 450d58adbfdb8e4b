"""The machine's time, which can be moved forward, so that nobody has to wait for Monday."""

from datetime import UTC, datetime, timedelta
from typing import Final

from dialogue.ports import Clock

MONDAY_MORNING: Final = 9
"""The hour (UTC) of the next Monday to which :func:`next_monday` goes."""


class MovableClock(Clock):
    """Real time plus ``ahead``, which :class:`~adapters.playground.platform.Platform` keeps over restarts."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The machine's time (UTC), moved."""
        return datetime.now(UTC) + self.ahead


def next_monday(now: datetime) -> datetime:
    """The first Monday 09:00 UTC after ``now``."""
    morning = now.replace(hour=MONDAY_MORNING, minute=0, second=0, microsecond=0)
    morning += timedelta(days=-now.weekday() % 7)
    return morning if morning > now else morning + timedelta(days=7)
