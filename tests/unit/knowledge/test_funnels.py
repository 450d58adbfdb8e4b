"""The link that breaks most, and who is reminded next."""

from datetime import UTC, datetime

import pytest

from knowledge_base.escalations import Nudge, Stuck, steps_left
from knowledge_base.funnels import ENOUGH, Funnel, Stage, Step, weakest
from knowledge_base.ids import InsightId, MemberId

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def funnel(**counts: tuple[int, int]) -> Funnel:
    return Funnel(tuple(Step(stage, *counts.get(stage.value, (20, 20))) for stage in Stage))


def test_the_link_that_loses_the_largest_share_breaks_most_not_the_one_that_loses_most() -> None:
    found = weakest(funnel(routed=(100, 200), decided=(2, 20)))
    assert found == Step(Stage.DECIDED, 2, 20)


def test_of_equals_the_earlier_one_breaks_most() -> None:
    assert weakest(funnel(seen=(10, 20), told=(10, 20))).stage is Stage.SEEN


def test_that_most_messages_say_nothing_is_no_break() -> None:
    assert weakest(funnel(heard=(1000, 1000), captured=(1, 1000))) is None


def test_of_too_few_nothing_is_said() -> None:
    assert weakest(funnel(seen=(0, ENOUGH - 1))) is None
    assert weakest(funnel(seen=(0, ENOUGH))).stage is Stage.SEEN


def test_nothing_lost_of_nothing() -> None:
    assert Step(Stage.TOLD, 0, 0).lost == 0
    assert weakest(funnel()) is None


@pytest.mark.parametrize(
    ("owner", "told", "left"),
    [
        ("sam", None, (Nudge.OWNER, Nudge.TEAM, Nudge.ADMIN)),
        (None, None, (Nudge.TEAM, Nudge.ADMIN)),
        ("sam", Nudge.OWNER, (Nudge.TEAM, Nudge.ADMIN)),
        ("sam", Nudge.TEAM, (Nudge.ADMIN,)),
        (None, Nudge.TEAM, (Nudge.ADMIN,)),
        ("sam", Nudge.ADMIN, ()),
    ],
)
def test_the_owner_the_team_and_admins_are_reminded_in_turn_and_nobody_twice(
    owner: str | None, told: Nudge | None, left: tuple[Nudge, ...]
) -> None:
    assert steps_left(Stuck(InsightId("i"), NOW, MemberId(owner) if owner else None, told)) == left
