"""Whose piece comes back, who has enough points, and what in a list is a code."""

from datetime import UTC, date, datetime

import pytest

from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution
from knowledge_base.ids import CommunityId, ContributionId, MemberId, RewardId
from knowledge_base.levels import Level
from knowledge_base.rewards import (
    Budget,
    Condition,
    Grant,
    GrantState,
    Reward,
    RewardKind,
    Stock,
    comes_back,
    is_over,
    month_of,
    points_needed,
    points_that_count,
    usable_codes,
)
from knowledge_base.seasons import Season

ACME, ANNA = CommunityId("acme"), MemberId("anna")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEVELS = [Level(ACME, "Guide", 50)]
SPRING = Season(ACME, "Spring", date(2026, 3, 1), date(2026, 3, 31))
GIVEN, DONE = GrantState.GIVEN, GrantState.FULFILLED


def grant(state: GrantState, post: str | None = None) -> Grant:
    return Grant(ACME, RewardId("r"), 1, ANNA, state, NOW, post=post)


@pytest.mark.parametrize(
    ("kind", "state", "post", "back"),
    [
        (RewardKind.CODE, GIVEN, None, True),
        (RewardKind.CODE, GIVEN, "p", False),
        (RewardKind.CODE, DONE, "p", False),
        (RewardKind.CUSTOM, GIVEN, None, True),
        (RewardKind.CUSTOM, DONE, None, False),
        (RewardKind.EVENT, DONE, None, True),
        (RewardKind.ROLE, DONE, "p", True),
    ],
)
def test_what_was_seen_or_handed_over_does_not_come_back(
    kind: RewardKind, state: GrantState, post: str | None, back: bool
) -> None:
    assert comes_back(kind, grant(state, post)) is back


def test_all_that_is_asked_for_must_hold() -> None:
    assert Condition().is_by_hand
    assert not Condition(season="Spring").is_by_hand
    assert points_needed(Condition(points=7), LEVELS) == 7
    assert points_needed(Condition("Guide"), LEVELS) == 50
    assert points_needed(Condition("Guide", 60), LEVELS) == 60
    assert points_needed(Condition("Guide", 60), []) is None
    assert points_needed(Condition(season="Spring"), LEVELS) == 1


def test_within_a_season_only_its_points_count_and_none_where_it_is_gone() -> None:
    lines = [
        Contribution(
            ContributionId(f"{day}"), ACME, ANNA, Contributed.REPORT, points, Cause(CauseKind.INSIGHT, "i"), at
        )
        for day, (points, at) in enumerate(
            (
                (1, datetime(2026, 2, 28, 23, 59, tzinfo=UTC)),
                (2, datetime(2026, 3, 1, tzinfo=UTC)),
                (4, datetime(2026, 3, 31, 23, 59, tzinfo=UTC)),
                (8, datetime(2026, 4, 1, tzinfo=UTC)),
            )
        )
    ]
    assert points_that_count(Condition(points=1), [SPRING], lines) == 15
    assert points_that_count(Condition(season="Spring"), [SPRING], lines) == 6
    assert points_that_count(Condition(season="Spring"), [], lines) == 0


def test_a_reward_holds_until_its_last_day_is_over() -> None:
    reward = Reward(RewardId("r"), ACME, 1, "Mug", RewardKind.CUSTOM, Budget(1), until=date(2026, 3, 2))
    assert not is_over(reward, datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    assert is_over(reward, datetime(2026, 3, 3, tzinfo=UTC))
    assert month_of(NOW) == "2026-03"
    assert (Stock(3, None, None).left, Stock(3, 2, None).left, Stock(3, 2, 1).left) == (3, 2, 1)


@pytest.mark.parametrize(
    ("text", "codes", "blank", "double"),
    [
        ("A-1\nB-2\r\nC-3", ["A-1", "B-2", "C-3"], 0, 0),
        ("\ufeffcode;worth\nA-1;20\nB-2;20\n", ["A-1", "B-2"], 0, 0),
        ("A-1,x\n\n  \n,B\nA-1,y", ["A-1"], 3, 1),
        ('"A,1",x\n"B ""2"""', ["A,1", 'B "2"'], 0, 0),
        ("A;1,x", ["A"], 0, 0),
        ("A-1\t20 EUR", ["A-1"], 0, 0),
        ("Code\nA-1\ncode", ["A-1", "code"], 0, 0),
        ("", [], 0, 0),
    ],
)
def test_a_list_of_codes_is_read_with_what_is_blank_and_double_in_it(
    text: str, codes: list[str], blank: int, double: int
) -> None:
    assert usable_codes(text) == (codes, blank, double)
