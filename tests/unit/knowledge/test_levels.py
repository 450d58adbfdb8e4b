"""Which level some points lead to."""

import pytest

from knowledge_base.ids import CommunityId
from knowledge_base.levels import Level, level_of, next_level

LEVELS = [Level(CommunityId("acme"), name, points) for name, points in (("Guide", 50), ("Scout", 10))]


@pytest.mark.parametrize(
    ("points", "reached", "ahead"),
    [(0, None, "Scout"), (9, None, "Scout"), (10, "Scout", "Guide"), (49, "Scout", "Guide"), (50, "Guide", None)],
)
def test_the_highest_level_that_is_reached_counts(points: int, reached: str | None, ahead: str | None) -> None:
    now, then = level_of(points, LEVELS), next_level(points, LEVELS)
    assert (now and now.name, then and then.name) == (reached, ahead)


def test_without_levels_nobody_has_one() -> None:
    assert level_of(9, []) is None
    assert next_level(9, []) is None
