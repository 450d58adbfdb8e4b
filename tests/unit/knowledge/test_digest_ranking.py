"""Digests name first what many want, what more people ask for and what is urgent; not who is loudest."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.digest_ranking import rank, stands
from knowledge_base.digests import DigestInsight
from knowledge_base.facets import Urgency
from knowledge_base.ids import MemberId
from tests.contract.storage.samples import NOW, insight


def row(number: int, people: int = 1, speaker: str | None = None, **more: object) -> DigestInsight:
    given = {"said": 1, "more": 0, "urgency": Urgency.NONE, "told_at": None, "shipped_at": None, "public": True}
    this = insight(f"i{number}", number=number, demand=people, last_at=NOW + timedelta(hours=number))
    return DigestInsight(insight=this, speaker=MemberId(speaker) if speaker else None, **(given | more))


def ranked(*rows: DigestInsight) -> list[int]:
    return [one.insight.number for one in rank(rows)]


def test_more_people_new_people_and_urgency_come_first() -> None:
    assert ranked(row(1, people=2), row(2, people=3)) == [2, 1]
    assert ranked(row(1, people=3), row(2, people=3, more=1)) == [2, 1]
    assert ranked(row(1, people=2), row(2, people=2, urgency=Urgency.SOON), row(3, people=2, urgency=Urgency.NOW)) == [
        3,
        2,
        1,
    ]


def test_customers_of_a_tier_that_counts_are_two_people_each() -> None:
    of_tiers = row(1, people=2, tiers=(("Enterprise", 1), ("Pro", 1)))
    assert ranked(of_tiers, row(2, people=3)) == [1, 2]
    assert ranked(of_tiers, row(2, people=5)) == [2, 1]


def test_whoever_says_much_alone_comes_twice_before_others_whatever_their_tier() -> None:
    loud = [row(number, speaker="loud", tiers=(("Enterprise", 1),)) for number in (11, 12, 13)]
    assert ranked(*loud, row(1, speaker="quiet")) == [13, 12, 1, 11]


def test_what_is_urgent_to_one_does_not_pass_what_many_ask_for() -> None:
    assert ranked(row(1, urgency=Urgency.NOW, speaker="loud"), row(2, people=5)) == [2, 1]


def test_equal_ones_stand_by_when_they_were_last_heard() -> None:
    assert ranked(row(1), row(3), row(2)) == [3, 2, 1]


def test_whoever_says_much_alone_stands_before_others_twice() -> None:
    loud = [row(number, urgency=Urgency.NOW, speaker="loud") for number in (11, 12, 13, 14)]
    assert ranked(*loud, row(1, speaker="quiet"), row(2, people=2)) == [14, 13, 2, 1, 12, 11]


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["a", "b", None]), st.sampled_from(Urgency))))
def test_nothing_is_lost_and_the_order_given_does_not_matter(given: list[tuple[int, str | None, Urgency]]) -> None:
    rows = [row(number, people, who, urgency=urgency) for number, (people, who, urgency) in enumerate(given)]
    assert sorted(ranked(*rows)) == list(range(len(rows)))
    assert ranked(*rows) == ranked(*reversed(rows))


def test_the_first_ones_stand_where_nothing_else_can_have_more_points_also_if_it_is_urgent_to_customers() -> None:
    assert stands([row(1, people=6), row(2, people=6)], 2, [])
    assert not stands([row(1, people=6), row(2, people=5)], 2, [])
    assert stands([row(1, people=8)], 2, ["Pro"])
    assert not stands([row(1, people=7)], 2, ["Pro"])
    assert not stands([row(1)], 1, [])


def test_the_first_ones_do_not_stand_where_somebody_says_more_of_them_alone_than_may_come_first() -> None:
    loud = [row(number, speaker="loud", more=1, urgency=Urgency.NOW) for number in (1, 2, 3)]
    assert stands(loud[:2], 1, [])
    assert not stands(loud, 1, [])
