"""How much a team wants to be told, and when: quiet hours, cards an hour, and at how many people it hears again."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day in which nothing is sent: from ``start`` until ``end`` by the clock of an IANA ``zone``.

    They may go over midnight. The same time twice is the whole day.
    """

    start: time
    end: time
    zone: str

    def at(self, moment: datetime) -> bool:
        """Whether it is quiet then."""
        local = moment.astimezone(ZoneInfo(self.zone)).time()
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def until(self, moment: datetime) -> datetime:
        """When (UTC) the clock of the zone shows their end next, after a moment."""
        place = ZoneInfo(self.zone)
        day = moment.astimezone(place).date()
        ends = (datetime.combine(day + timedelta(days=more), self.end, place).astimezone(UTC) for more in range(3))
        return next(end for end in ends if end > moment)


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds cards back for the digest, and when a card speaks up again.

    ``cap``: cards its channel gets in an hour of the clock. ``steps``: at how many people it says so again, ascending.
    """

    quiet: Quiet | None = None
    cap: int | None = None
    steps: tuple[int, ...] = ()

    def step(self, demand: int) -> int:
        """The highest step that so many people reach; 0 for none."""
        return max((step for step in self.steps if step <= demand), default=0)


UNLIMITED: Final = Limits()


def hour_of(moment: datetime) -> datetime:
    """When the hour of the clock (UTC) began."""
    return moment.replace(minute=0, second=0, microsecond=0)


HOUR: Final = timedelta(hours=1)
