"""What counts, and what is held back because it may be farmed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution, Guard, total
from knowledge_base.guards import A_DAY, OF_NEWCOMERS, OF_ONE_PERSON, WEEK, Lately, guard_of
from knowledge_base.ids import CommunityId, ContributionId, MemberId

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANNA, BEN, CARA, DORA = map(MemberId, ("anna", "ben", "cara", "dora"))


def thanks(member: MemberId, by: MemberId | None, at: datetime = NOW, **rest: object) -> Contribution:
    cause = Cause(CauseKind.MESSAGE, "m")
    fields = {"kind": Contributed.THANKS, "points": 1, "cause": cause, "at": at, "by": by}
    return Contribution(ContributionId("c"), CommunityId("acme"), member, **(fields | rest))


def test_a_thank_you_from_another_counts() -> None:
    assert guard_of(thanks(ANNA, BEN), Lately()) is None


def test_nobody_thanks_themselves() -> None:
    assert guard_of(thanks(ANNA, ANNA), Lately()) is Guard.SELF


def test_two_who_thank_each_other_get_nothing_for_it_within_a_week() -> None:
    before = thanks(BEN, ANNA, NOW - DAY)
    assert guard_of(thanks(ANNA, BEN), Lately(gave=[before])) is Guard.CIRCLE
    assert guard_of(thanks(ANNA, BEN, NOW + WEEK), Lately(gave=[before])) is None


def test_nor_do_three_who_thank_each_other_in_a_circle() -> None:
    """Anna thanked Ben, Ben thanked Cara; now Cara thanks Anna."""
    lately = Lately(gave=[thanks(BEN, ANNA)], giver_got=[thanks(CARA, BEN)])
    assert guard_of(thanks(ANNA, CARA), lately) is Guard.CIRCLE
    assert guard_of(thanks(ANNA, DORA), Lately(gave=[thanks(BEN, ANNA)])) is None


@pytest.mark.parametrize("undone", [{"guard": Guard.PAIR, "points": 0}, {"reversed_at": NOW}])
def test_what_does_not_count_closes_no_circle_and_fills_no_cap(undone: dict[str, object]) -> None:
    assert guard_of(thanks(ANNA, BEN), Lately(gave=[thanks(BEN, ANNA, **undone)])) is None
    assert guard_of(thanks(ANNA, BEN), Lately(got=[thanks(ANNA, BEN, **undone)] * 9)) is None


def test_one_person_gives_another_a_little_a_week() -> None:
    got = [thanks(ANNA, BEN, NOW - DAY)] * OF_ONE_PERSON
    assert guard_of(thanks(ANNA, BEN), Lately(got)) is Guard.PAIR
    assert guard_of(thanks(ANNA, CARA), Lately(got)) is None
    assert guard_of(thanks(ANNA, BEN), Lately(got[1:])) is None


def test_all_newcomers_together_give_somebody_a_little_a_week() -> None:
    crowd = [MemberId(f"new{n}") for n in range(OF_NEWCOMERS + 1)]
    got = [thanks(ANNA, by, NOW - DAY) for by in crowd[:-1]]
    assert guard_of(thanks(ANNA, crowd[-1]), Lately(got, newcomers=crowd)) is Guard.NEWCOMERS
    assert guard_of(thanks(ANNA, BEN), Lately(got, newcomers=crowd)) is None
    assert guard_of(thanks(ANNA, crowd[-1]), Lately(got[1:], newcomers=crowd)) is None


@pytest.mark.parametrize("kind", list(Contributed))
def test_of_each_kind_so_much_counts_a_day(kind: Contributed) -> None:
    got = [thanks(ANNA, None, NOW - timedelta(hours=n), kind=kind) for n in range(A_DAY[kind])]
    assert guard_of(thanks(ANNA, None, kind=kind), Lately(got)) is Guard.DAY
    assert guard_of(thanks(ANNA, None, kind=kind), Lately(got[1:])) is None


_LINES = some.lists(some.tuples(some.integers(0, 9), some.booleans(), some.booleans()), max_size=40)


@given(_LINES)
def test_the_total_is_the_sum_of_what_was_not_reversed(rows: list[tuple[int, bool, bool]]) -> None:
    lines = [
        thanks(
            ANNA,
            BEN,
            points=0 if held else points,
            guard=Guard.DAY if held else None,
            reversed_at=NOW if undone else None,
        )
        for points, held, undone in rows
    ]
    assert total(lines) == sum(points for points, held, undone in rows if not held and not undone)
