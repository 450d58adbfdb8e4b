"""Seasons have whole days and none in common."""

from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge_base.ids import CommunityId
from knowledge_base.seasons import Season, overlapping, season_at

ACME = CommunityId("acme")
SPRING = Season(ACME, "Spring", date(2026, 3, 1), date(2026, 5, 31))
AUTUMN = Season(ACME, "Autumn", date(2026, 9, 1), date(2026, 11, 30))


def test_a_season_lasts_from_its_first_day_to_the_end_of_its_last() -> None:
    moment = timedelta(microseconds=1)
    assert season_at(datetime(2026, 3, 1, tzinfo=UTC), [AUTUMN, SPRING]) == SPRING
    assert season_at(datetime(2026, 6, 1, tzinfo=UTC) - moment, [AUTUMN, SPRING]) == SPRING
    assert season_at(datetime(2026, 6, 1, tzinfo=UTC), [AUTUMN, SPRING]) is None
    assert season_at(datetime(2026, 3, 1, tzinfo=UTC) - moment, [AUTUMN, SPRING]) is None


@pytest.mark.parametrize(
    ("first", "last", "with_"),
    [
        (date(2026, 6, 1), date(2026, 8, 31), None),
        (date(2026, 5, 31), date(2026, 8, 31), SPRING),
        (date(2026, 6, 1), date(2026, 9, 1), AUTUMN),
        (date(2026, 4, 1), date(2026, 4, 1), SPRING),
        (date(2026, 1, 1), date(2026, 12, 31), SPRING),
    ],
)
def test_a_season_that_has_a_day_of_another_overlaps_it(first: date, last: date, with_: Season | None) -> None:
    assert overlapping(Season(ACME, "Summer", first, last), [SPRING, AUTUMN]) == with_


def test_a_season_does_not_overlap_itself_with_other_days() -> None:
    longer = Season(ACME, "Spring", SPRING.first, date(2026, 6, 30))
    assert overlapping(longer, [SPRING, AUTUMN]) is None
