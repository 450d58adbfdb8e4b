"""When something falls due: once, or by crontab rules read in a place's own time."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, Protocol, cast
from zoneinfo import ZoneInfo, available_timezones

ONCE: Final = "once"
"""The rule of what does not recur."""

WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""As crontab counts them, from 0; 7 is Sunday again."""

_FIELDS: Final = 5
_MOMENT: Final = timedelta(microseconds=1)
_LARGEST_CHANGE: Final = timedelta(days=1, hours=1)
"""More than clocks were ever set forward: what they jumped over stands this far back at most."""


class _Trigger(Protocol):
    """The part of APScheduler's trigger that is used; the library has no types of its own."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None: ...


def next_due(rule: str, zone: str, after: datetime) -> datetime:
    """The first moment (UTC) strictly after ``after`` at which a crontab line, read in the IANA ``zone``, falls due.

    A time of day that comes twice, when clocks are set back, counts the first time only; one that does not come, when
    they are set forward, counts as much later. Raises ``ValueError`` for a rule that never falls due, or is none.
    """
    from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]

    # the library goes by the wall clock alone: where clocks are changed, it skips days and fires twice
    trigger = cast("_Trigger", CronTrigger.from_crontab(_with_named_days(rule), timezone=UTC))
    place, wall = ZoneInfo(zone), after.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC) - _LARGEST_CHANGE
    while shown := trigger.get_next_fire_time(None, wall):
        due = shown.replace(tzinfo=place, fold=0).astimezone(UTC)
        if due > after:
            return due
        wall = shown + _MOMENT
    raise ValueError(f"the rule {rule!r} never falls due")


def once_a_day(rule: str) -> bool:
    """Whether a crontab line names one hour and one minute, so that it falls due once a day at most."""
    fields = rule.split()
    return len(fields) == _FIELDS and fields[0].isdecimal() and fields[1].isdecimal()


@cache
def is_zone(zone: str) -> bool:
    """Whether there is an IANA zone of that name."""
    return zone in available_timezones()


def _with_named_days(rule: str) -> str:
    """The same line with the days of the week by name: the library counts them from Monday, crontab from Sunday."""
    fields = rule.split()
    if len(fields) != _FIELDS or fields[4] == "*":
        return rule
    return " ".join([*fields[:4], ",".join(_days(fields[4]))])


def _days(field: str) -> list[str]:
    days: list[str] = []
    for part in field.casefold().split(","):
        first, _, last = part.partition("-")
        begin, end = _day(first), _day(last or first)
        days.extend(WEEKDAYS[(begin + step) % 7] for step in range((end - begin) % 7 + 1))
    return list(dict.fromkeys(days))


def _day(name: str) -> int:
    if name in WEEKDAYS:
        return WEEKDAYS.index(name)
    if name.isdecimal() and int(name) <= len(WEEKDAYS):
        return int(name) % 7
    raise ValueError(f"{name!r} is no day of the week")
