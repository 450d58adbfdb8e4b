"""A clock that moves only when told."""

from datetime import datetime, timedelta

from dialogue.ports import Clock


class FakeClock(Clock):
    """Stands at ``start`` (aware) until moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment it was last moved to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        self._now += by

    def move_to(self, moment: datetime) -> None:
        """Move forward to ``moment``; an earlier one changes nothing."""
        self._now = max(self._now, moment)
