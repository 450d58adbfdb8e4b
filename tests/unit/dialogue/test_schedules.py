from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialogue.schedules import is_zone, next_due, once_a_day

MONDAYS = "0 9 * * mon"


@pytest.mark.parametrize(
    ("zone", "after", "due"),
    [
        ("UTC", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 7, 6, 7, tzinfo=UTC)),
        ("UTC", datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 1, 12, 9, tzinfo=UTC)),
        ("UTC", datetime(2026, 1, 5, 8, 59, 59, tzinfo=UTC), datetime(2026, 1, 5, 9, tzinfo=UTC)),
    ],
)
def test_mondays_at_nine_are_read_in_the_zones_own_time(zone: str, after: datetime, due: datetime) -> None:
    assert next_due(MONDAYS, zone, after) == due


def test_a_rule_that_never_falls_due_is_an_error() -> None:
    with pytest.raises(ValueError, match="never falls due"):
        next_due("0 0 31 2 *", "UTC", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ("1", ["Mon"]),
        ("0", ["Sun"]),
        ("7", ["Sun"]),
        ("1-5", ["Mon", "Tue", "Wed", "Thu", "Fri"]),
        ("fri-mon", ["Mon", "Fri", "Sat", "Sun"]),
        ("5-7", ["Fri", "Sat", "Sun"]),
        ("Mon,4", ["Mon", "Thu"]),
    ],
)
def test_days_of_the_week_are_those_of_crontab(days: str, named: list[str]) -> None:
    monday = moment = datetime(2026, 1, 5, tzinfo=UTC)
    fell = []
    while (moment := next_due(f"0 9 * * {days}", "UTC", moment)) < monday + timedelta(days=7):
        fell.append(f"{moment:%a}")
    assert fell == named


NIGHT = "30 2 * * *"


def test_a_time_that_comes_twice_when_clocks_are_set_back_counts_once() -> None:
    first = next_due(NIGHT, "Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_due(NIGHT, "Europe/Berlin", first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_time_that_is_skipped_when_clocks_are_set_forward_counts_as_much_later() -> None:
    skipped = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert next_due(NIGHT, "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC)) == skipped
    assert next_due(NIGHT, "Europe/Berlin", datetime(2026, 3, 29, 1, 15, tzinfo=UTC)) == skipped
    assert next_due(NIGHT, "Europe/Berlin", skipped) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


CROSSED = frozenset(
    {"Pacific/Apia", "Pacific/Fakaofo", "Pacific/Kwajalein", "Kwajalein", "Pacific/Enderbury", "Pacific/Kanton"}
    | {"Pacific/Kiritimati"}
)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(available_timezones() - {"localtime"})),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 46 * 366 * 24 * 60).map(
        lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
@example("America/Havana", 0, 30, datetime(2026, 3, 6, tzinfo=UTC))
@example("Europe/Berlin", 2, 30, datetime(2026, 10, 23, tzinfo=UTC))
@example("Pacific/Apia", 9, 0, datetime(2011, 12, 28, tzinfo=UTC))
def test_a_daily_rule_falls_due_once_on_each_day_of_the_place(
    zone: str, hour: int, minute: int, begin: datetime
) -> None:
    due = [begin]
    for _ in range(9):
        due.append(next_due(f"{minute} {hour} * * *", zone, due[-1]))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in due[1:]]
    assert all(earlier < later for earlier, later in pairwise(due))
    # a few places left a whole day out, to cross the date line: nothing can fall due on that
    steps = sorted((later - earlier).days for earlier, later in pairwise(days))
    assert steps[:-1] == [1] * 7
    assert steps[-1] == (2 if zone in CROSSED and days[-1] - days[0] == timedelta(days=9) else 1)


@pytest.mark.parametrize(
    "rule", ["0 9 * * 8", "0 9 * * monday", "0 9 * * mon/2", "0 25 * * *", "tomorrow", "", "0 9 * *"]
)
def test_what_is_no_rule_is_an_error(rule: str) -> None:
    with pytest.raises(ValueError):
        next_due(rule, "UTC", datetime(2026, 1, 1, tzinfo=UTC))


def test_rules_of_one_hour_and_minute_fall_due_once_a_day_at_most() -> None:
    assert [
        rule for rule in (MONDAYS, "*/5 9 * * *", "0 9,12 * * *", "0 * * * *", "x", "0 9-10 * * 1") if once_a_day(rule)
    ] == [MONDAYS]


def test_zones_are_known_by_their_names() -> None:
    assert [
        zone for zone in ("Europe/Berlin", "UTC", "Mars/Olympus", "../etc/passwd", "", "europe") if is_zone(zone)
    ] == [
        "Europe/Berlin",
        "UTC",
    ]
