"""Early signs: what is unusual is found, what comes by chance or every week is not. Counts of people alone."""

import random
from dataclasses import replace
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.signs import (
    CHANCE,
    DAY,
    LASTS,
    LONGEST_PAST,
    SHORTEST_PAST,
    Day,
    Found,
    SignSort,
    Silence,
    Topical,
    found,
    is_over,
)
from knowledge_base.surprise import chance_of_count, chance_of_share
from tests.stage import MONDAY

USUAL = Day(people=12, telling=4, kept=12, telling_kept=4, negative=2)


def day(telling: int, negative: int = 2, **named: int) -> Day:
    """Twelve people and those who tell something."""
    people = 12 + telling
    return Day(people, telling, people, telling, negative, named)


def chance_days(rng: random.Random, count: int) -> list[Day]:
    """Days of a channel in which nothing happens: a hundred people who each tell something once in thirty days."""
    days = []
    for _ in range(count):
        people = sum(rng.random() < 0.12 for _ in range(100))
        telling = sum(rng.random() < 0.3 for _ in range(people))
        negative = sum(rng.random() < 0.2 for _ in range(people))
        days.append(Day(people, telling, people, telling, negative, {"Acme": rng.randrange(3)}))
    return days


def sorts(signs: tuple[Found, ...]) -> list[SignSort]:
    return [one.sort for one in signs]


def test_a_planted_surge_is_found_and_says_how_many_and_what_is_usual() -> None:
    past = [day(4)] * LONGEST_PAST
    (surge,) = found(day(16), past)
    assert surge == Found(SignSort.SURGE, 16, 28, 4.0)
    assert found(day(6), past) == ()


def test_a_planted_turn_in_tone_is_found() -> None:
    (turn,) = found(replace(day(4), negative=12), [day(4)] * LONGEST_PAST)
    assert (turn.sort, turn.people, turn.of, turn.usual) == (SignSort.TONE, 12, 16, 2 / 16)
    assert found(replace(day(4), negative=4), [day(4)] * LONGEST_PAST) == ()


def test_a_competitor_named_by_many_is_found_by_its_name_and_no_other() -> None:
    (named,) = found(day(4, Acme=8, Other=2), [day(4, Acme=1, Other=2)] * LONGEST_PAST)
    assert (named.sort, named.competitor, named.people, named.usual) == (SignSort.COMPETITOR, "Acme", 8, 1.0)


@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_history_is_silent(seed: int) -> None:
    """Three histories of a year, looked at once a day in shuffled order: one sign of any sort in each at most."""
    rng = random.Random(seed)
    days = chance_days(rng, LONGEST_PAST + 365)
    rng.shuffle(days)
    signs = [one for n in range(365) for one in found(days[n], days[n + 1 : n + 1 + LONGEST_PAST])]
    assert len(signs) <= 1


def test_a_planted_surge_in_a_history_of_chance_is_found_among_all_others() -> None:
    days = chance_days(random.Random(1), LONGEST_PAST + 100)
    days[40] = replace(days[40], telling=20, telling_kept=20, kept=30, people=30)
    signs = {n: sorts(found(days[n], days[n + 1 : n + 1 + LONGEST_PAST])) for n in range(100)}
    assert {n: told for n, told in signs.items() if told} == {40: [SignSort.SURGE]}


def test_what_comes_every_week_on_this_day_is_no_sign() -> None:
    past = [day(20 if number % 7 == 0 else 3) for number in range(1, LONGEST_PAST + 1)]
    assert found(day(21), past) == ()
    assert sorts(found(day(50), past)) == [SignSort.SURGE]


def test_an_earlier_surge_does_not_hide_the_next() -> None:
    past = [day(4)] * LONGEST_PAST
    past[10] = past[11] = past[20] = day(18)
    assert sorts(found(day(16), past)) == [SignSort.SURGE]
    assert sorts(found(day(16), past[9 : 9 + SHORTEST_PAST])) == []
    assert sorts(found(day(16), past[11 : 11 + SHORTEST_PAST])) == [SignSort.SURGE]


def test_an_earlier_day_on_which_a_competitor_was_talked_about_is_what_is_usual() -> None:
    past = [day(4, Acme=1)] * LONGEST_PAST
    assert sorts(found(day(4, Acme=9), past)) == [SignSort.COMPETITOR]
    past[10] = day(4, Acme=9)
    assert found(day(4, Acme=9), past) == ()


def test_few_people_are_no_sign_however_quiet_it_was_unless_admins_say_so() -> None:
    past = [Day()] * LONGEST_PAST
    assert found(day(4, negative=0), past) == ()
    assert sorts(found(day(4, negative=0), past, least=4)) == [SignSort.SURGE]
    assert sorts(found(day(5, negative=0), past)) == [SignSort.SURGE]


def test_a_channel_that_is_known_for_less_than_four_weeks_shows_no_sign() -> None:
    assert found(day(40), [day(4)] * (SHORTEST_PAST - 1)) == ()
    assert found(day(40), []) == ()
    assert sorts(found(day(40), [day(4)] * SHORTEST_PAST)) == [SignSort.SURGE]


def test_a_large_channel_shows_no_sign_of_what_is_hardly_more_than_usual() -> None:
    past = [day(1000)] * LONGEST_PAST
    assert found(day(1500), past) == ()
    assert sorts(found(day(2000), past)) == [SignSort.SURGE]


def test_days_of_which_nothing_is_kept_do_not_make_tone_or_competitors_look_new() -> None:
    erased = Day(people=12, telling=4)
    today = replace(day(4, Acme=6), negative=12)
    assert found(today, [erased] * LONGEST_PAST) == ()
    assert sorts(found(today, [*[day(4)] * SHORTEST_PAST, *[erased] * 20])) == [SignSort.TONE, SignSort.COMPETITOR]


def test_what_was_deleted_today_is_no_surge() -> None:
    assert found(Day(people=40, telling=40, kept=2, telling_kept=2), [day(4)] * LONGEST_PAST) == ()


@pytest.mark.parametrize(
    ("told", "lasts", "over"),
    [
        (Found(SignSort.SURGE, 16, 28, 4), day(10), day(9)),
        (Found(SignSort.TONE, 12, 16, 0.25), day(4, negative=8), day(4, negative=7)),
        (Found(SignSort.COMPETITOR, 7, 16, 1, "Acme"), day(4, Acme=4), day(4, Other=9)),
        (Found(SignSort.TONE, 12, 16, 0.25), day(4, negative=16), Day()),
    ],
)
def test_a_sign_is_over_when_the_day_is_nearer_to_what_is_usual(told: Found, lasts: Day, over: Day) -> None:
    assert not is_over(told, DAY, lasts)
    assert is_over(told, DAY, over)
    assert not is_over(told, DAY / 2, over)
    assert is_over(told, LASTS, lasts)


def test_a_silence_ends_when_it_was_to_end_or_never() -> None:
    about = Topical(SignSort.SURGE, SpaceId("s"), ChannelId("c"))
    assert Silence(about, None).holds(MONDAY)
    assert not Silence(about, MONDAY).holds(MONDAY)


@given(st.lists(st.integers(0, 50), min_size=8, max_size=60), st.integers(0, 80), st.floats(0, 60))
def test_more_people_are_never_less_surprising(past: list[int], count: int, mean: float) -> None:
    chance = chance_of_count(count, past, mean, 7)
    assert 0 <= chance_of_count(count + 1, past, mean, 7) <= chance <= 1


@given(st.lists(st.integers(0, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=60))
def test_a_share_is_a_chance_too(past: list[tuple[int, int]]) -> None:
    past = [*past, (1, 4)]
    chances = [chance_of_share(count, 12, past) for count in range(13)]
    assert all(0 <= later <= sooner <= 1 for sooner, later in pairwise(chances))
    assert isclose(chances[0], 1)


def test_the_chance_of_a_count_is_that_of_poisson_where_much_is_known_and_nothing_scatters() -> None:
    """P(N >= 10) for a mean of 3 is 0.0011025 (any table of the Poisson distribution)."""
    assert isclose(chance_of_count(10, [3] * 100_000, 3, 7), 0.0011025, rel_tol=1e-3)


def test_where_the_past_scatters_a_count_is_less_surprising() -> None:
    assert chance_of_count(12, [0, 8] * 28, 4, 7) > 10 * chance_of_count(12, [4] * 56, 4, 7)
    assert chance_of_share(9, 10, [(0, 10), (8, 10)] * 28) > CHANCE > chance_of_share(10, 10, [(2, 10)] * 56)
