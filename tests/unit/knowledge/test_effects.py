"""The comparison finds an effect that is there, and none that is not."""

from random import Random

import pytest

from knowledge_base.effects import LEAST, Effect, Group, Outcome, Verdict, _student, effect_of

RUNS = 200


def outcomes(random: Random, people: int, often: float, often_held: float, share: float = 0.3) -> list[Outcome]:
    """Most say nothing at all; who says something says it once or several times."""
    found = []
    for _ in range(people):
        held = random.random() < share
        talks = random.random() < (often_held if held else often)
        found.append(Outcome(held, random.choice((1, 1, 2, 5)) if talks else 0))
    return found


def verdicts(people: int, often: float, often_held: float) -> list[Verdict]:
    return [effect_of(outcomes(Random(seed), people, often, often_held)).verdict for seed in range(RUNS)]


def test_an_effect_that_is_there_is_found() -> None:
    found = verdicts(1_000, 0.45, 0.25)
    assert found.count(Verdict.MORE) > 0.95 * RUNS
    assert found.count(Verdict.LESS) == 0


def test_one_that_does_harm_is_found_too() -> None:
    assert verdicts(1_000, 0.25, 0.45).count(Verdict.LESS) > 0.95 * RUNS


@pytest.mark.parametrize("people", [150, 1_000])
def test_where_there_is_none_none_is_found(people: int) -> None:
    """At 95 % one in twenty is found by chance."""
    found = verdicts(people, 0.3, 0.3)
    assert found.count(Verdict.NOTHING) >= 0.92 * RUNS


def test_of_too_few_people_nothing_is_said_whatever_they_did() -> None:
    few = [Outcome(held=True, times=0)] * (LEAST - 1) + [Outcome(held=False, times=9)] * 500
    assert effect_of(few).verdict is Verdict.TOO_FEW
    assert effect_of([*few, Outcome(held=True, times=0)]).verdict is Verdict.MORE
    assert effect_of([]) == Effect(Group(0, 0.0), Group(0, 0.0), 0.0, 0.0)
    assert effect_of([]).verdict is Verdict.TOO_FEW


def test_the_interval_is_welchs() -> None:
    """By hand: variances 0.678 of 60 and 1.538 of 40, so 61.8 degrees of freedom, t = 1.9991, times 0.22307."""
    a, b = [0, 1, 2] * 20, [0, 0, 1, 3] * 10
    effect = effect_of([*(Outcome(held=False, times=n) for n in a), *(Outcome(held=True, times=n) for n in b)])
    assert (effect.reminded, effect.held) == (Group(60, 1.0), Group(40, 1.0))
    assert (effect.low, effect.high) == (pytest.approx(-0.44595, abs=1e-4), pytest.approx(0.44595, abs=1e-4))


@pytest.mark.parametrize(("freedom", "point"), [(20, 2.0860), (30, 2.0423), (60, 2.0003), (1e9, 1.9600)])
def test_students_t_is_as_the_tables_have_it(freedom: float, point: float) -> None:
    assert _student(freedom) == pytest.approx(point, abs=1e-4)
