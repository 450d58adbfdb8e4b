"""Quiet hours by the clock of a place, and the steps at which a team hears again."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge_base.limits import Limits, Quiet

NIGHT = Quiet(time(22), time(7), "Europe/Berlin")
LUNCH = Quiet(time(12), time(13), "Europe/Berlin")


@pytest.mark.parametrize(
    ("quiet", "moment", "is_quiet"),
    [
        (NIGHT, datetime(2026, 3, 2, 21, 0, tzinfo=UTC), True),  # 22:00 in winter
        (NIGHT, datetime(2026, 3, 2, 20, 59, tzinfo=UTC), False),
        (NIGHT, datetime(2026, 3, 2, 5, 59, tzinfo=UTC), True),
        (NIGHT, datetime(2026, 3, 2, 6, 0, tzinfo=UTC), False),
        (NIGHT, datetime(2026, 7, 1, 20, 0, tzinfo=UTC), True),  # 22:00 in summer
        (NIGHT, datetime(2026, 7, 1, 5, 0, tzinfo=UTC), False),
        (LUNCH, datetime(2026, 3, 2, 11, 30, tzinfo=UTC), True),
        (LUNCH, datetime(2026, 3, 2, 12, 0, tzinfo=UTC), False),
        (Quiet(time(9), time(9), "UTC"), datetime(2026, 3, 2, 3, tzinfo=UTC), True),
    ],
)
def test_quiet_hours_follow_the_clock_there_also_over_midnight(quiet: Quiet, moment: datetime, is_quiet: bool) -> None:
    assert quiet.at(moment) is is_quiet


@pytest.mark.parametrize(("demand", "step"), [(1, 0), (9, 0), (10, 10), (49, 10), (50, 50), (1000, 50)])
def test_the_highest_step_reached_counts(demand: int, step: int) -> None:
    assert Limits(steps=(10, 50)).step(demand) == step


@given(
    hours=st.floats(0, 366 * 24),
    start=st.times(),
    end=st.times(),
    zone=st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")),
)
def test_quiet_hours_end_within_a_day_or_so_and_it_is_not_quiet_then(
    hours: float, start: time, end: time, zone: str
) -> None:
    assume(start != end)
    quiet, now = Quiet(start, end, zone), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    ends = quiet.until(now)
    assert now < ends <= now + timedelta(hours=26)
    local = ends.astimezone(ZoneInfo(zone))
    if local.time() == end:
        assert not quiet.at(ends)
