from datetime import UTC, datetime

import pytest

from dialogue.schedules import next_due

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
