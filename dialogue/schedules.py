"""When something falls due: once, or by crontab rules read in a place's own time."""

from datetime import UTC, datetime
from typing import Final, Protocol, cast
from zoneinfo import ZoneInfo

ONCE: Final = "once"
"""The rule of what does not recur."""


class _Trigger(Protocol):
    """The part of APScheduler's trigger that is used; the library has no types of its own."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None: ...


def next_due(rule: str, zone: str, after: datetime) -> datetime:
    """The first moment (UTC) strictly after ``after`` at which a crontab line, read in the IANA ``zone``, falls due.

    Raises ``ValueError`` for a rule that never does, or is none.
    """
    from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]

    trigger = cast("_Trigger", CronTrigger.from_crontab(rule, timezone=ZoneInfo(zone)))
    due = trigger.get_next_fire_time(after, after)
    if due is None:
        raise ValueError(f"the rule {rule!r} never falls due")
    return due.astimezone(UTC)
