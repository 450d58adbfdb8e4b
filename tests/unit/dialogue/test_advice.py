"""The pure parts of asking a model: budget, circuit breaker, digests and marks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from dialogue.advice.breaker import FIRST_PAUSE, LONGEST_PAUSE, LOOK_BACK, failures_in_a_row, resting_until
from dialogue.advice.budget import affordable, day_of, left_of, next_day
from dialogue.advice.values import Call, CallState, Doubt, Line, Policy, Question, Spent, mark_of
from knowledge_base.ids import CommunityId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.contract.storage.samples import NOW, message

ACME = CommunityId("acme")
POLICY = Policy(0.35, 0.65, frozenset(), Spent(0, 0), 8, 1.01)
QUESTION = Question(Doubt.KIND, Line(Role.CUSTOMER, "no tags"), (), ("problem", "praise"))


def calls(*states: CallState) -> list[Call]:
    """Calls that took 2 s each, a minute apart, the latest first; that one began at ``NOW``."""
    begun = (NOW - timedelta(minutes=place) for place in range(len(states)))
    return [Call(str(at), ACME, "wise", at, state, Spent(9, 2000)) for at, state in zip(begun, states, strict=True)]


FAILED, ANSWERED = CallState.FAILED, CallState.ANSWERED
ENDED = NOW + timedelta(seconds=2)


# ---- the budget


def test_a_day_is_utcs() -> None:
    late = datetime(2026, 3, 3, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert day_of(late) == datetime(2026, 3, 2, tzinfo=UTC)
    assert next_day(late) == datetime(2026, 3, 3, tzinfo=UTC)
    assert next_day(datetime(2026, 3, 2, tzinfo=UTC)) == datetime(2026, 3, 3, tzinfo=UTC)


def test_what_is_left_is_never_below_nothing() -> None:
    assert left_of(Spent(100, 100), Spent(30, 170)) == Spent(70, 0)


@pytest.mark.parametrize(
    ("left", "count"), [((999, 9999), 4), ((200, 9999), 2), ((999, 100), 1), ((99, 9999), 0), ((999, 99), 0)]
)
def test_as_much_is_asked_as_can_be_paid_at_the_worst(left: tuple[int, int], count: int) -> None:
    cost = lambda some: Spent(100 * len(some), 100 * len(some) ** 2)  # noqa: E731
    assert affordable("abcd", cost, Spent(*left)) == (tuple("abcd"[:count]) if not count else "abcd"[:count])


# ---- the breaker


@pytest.mark.parametrize("states", [(), (ANSWERED,), (FAILED, FAILED), (ANSWERED, FAILED, FAILED, FAILED)])
def test_the_breaker_is_closed_until_three_calls_in_a_row_failed(states: tuple[CallState, ...]) -> None:
    assert resting_until(calls(*states)) is None


@pytest.mark.parametrize(
    ("failures", "pause"),
    [(3, FIRST_PAUSE), (4, 2 * FIRST_PAUSE), (5, 4 * FIRST_PAUSE), (8, LONGEST_PAUSE), (11, LONGEST_PAUSE)],
)
def test_it_rests_twice_as_long_after_each_further_failure(failures: int, pause: timedelta) -> None:
    latest = calls(*[FAILED] * failures, ANSWERED)
    assert failures_in_a_row(latest) == failures
    assert resting_until(latest) == ENDED + pause


def test_it_looks_back_far_enough_for_its_longest_rest() -> None:
    assert resting_until(calls(*[FAILED] * LOOK_BACK)) == ENDED + LONGEST_PAUSE


# ---- doubt, digests, marks


def test_the_band_of_doubt_has_its_lower_end_and_not_its_upper() -> None:
    assert [POLICY.doubts(confidence) for confidence in (0.34, 0.35, 0.5, 0.65)] == [False, True, True, False]


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, said=Line(Role.CUSTOMER, "no tags!")),
        replace(QUESTION, said=Line(Role.STAFF, "no tags")),
        replace(QUESTION, earlier=(Line(Role.CUSTOMER, "hi"),)),
        replace(QUESTION, choices=("problem",)),
        replace(QUESTION, doubt=Doubt.LINK),
    ],
)
def test_another_question_has_another_digest(other: Question) -> None:
    assert QUESTION.digest("wise", "1") == replace(QUESTION).digest("wise", "1")
    assert QUESTION.digest("wise", "1") != other.digest("wise", "1")
    assert len({QUESTION.digest(*how) for how in (("wise", "1"), ("wise", "2"), ("wiser", "1"))}) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2"},
        {"kind": Kind.PRAISE},
        {"confidence": 0.31},
        {"conversation": "other"},
        {"reply_to": "x"},
        {"reasons": ("tagged",)},
        {"deleted": True},
    ],
    ids=str,
)
def test_a_mark_tells_whether_anything_was_done_to_a_message(change: dict) -> None:
    said = message("1")
    assert mark_of(said) == mark_of(replace(said))
    assert mark_of(said) != mark_of(replace(said, **change))
    assert mark_of(said) == mark_of(replace(said, text="another", author_name="Ann")), "it holds none of its words"
