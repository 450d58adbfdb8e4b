from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MemberId
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from knowledge_base.learning import Dial, Lesson, Shipped, Teaching, learn
from knowledge_base.lessons import lesson_of
from knowledge_base.merging import Thresholds

SHIPPED = Shipped(merge=0.9, suggest=0.75, voice=0.5, model="hashing")
THRESHOLDS = Thresholds(merge=0.9, sharing=0.9, across=0.9, suggest=0.75, answer=0.6, offer=0.4, like=0.5)
KINDS = st.sampled_from(sorted(INSIGHT_KINDS))
LESSON = st.one_of(
    st.builds(
        Lesson,
        number=st.integers(1, 200),
        teaches=st.sampled_from([Teaching.SPLIT, Teaching.MERGE, Teaching.REFUSAL]),
        about=st.sampled_from("abcdefghijklmnop"),
        at=st.floats(0.0, 1.0),
    ),
    st.builds(
        Lesson,
        number=st.integers(1, 200),
        teaches=st.sampled_from([Teaching.NO_INSIGHT, Teaching.MISSED]),
        about=st.sampled_from("abcdefghijklmnop"),
        at=st.floats(0.0, 1.0),
        kind=KINDS,
    ),
    st.builds(
        Lesson,
        number=st.integers(1, 200),
        teaches=st.just(Teaching.KIND),
        about=st.sampled_from("abcdefghijklmnop"),
        kind=st.sampled_from(Kind),
        to=st.sampled_from(Kind),
    ),
)
LESSONS = st.lists(LESSON, max_size=40, unique_by=lambda lesson: lesson.number)


def lessons(teaches: Teaching, *cosines: float, kind: Kind | None = None) -> list[Lesson]:
    return [Lesson(n, teaches, f"{teaches}{n}", at, kind) for n, at in enumerate(cosines, start=1)]


def merge_after(*taught: Lesson) -> float:
    return learn(taught, SHIPPED).leanings.thresholds(THRESHOLDS).merge


def corrected(count: int, kind: Kind, to: Kind, start: int = 1) -> list[Lesson]:
    return [Lesson(n, Teaching.KIND, f"m{n}", 0.6, kind, to) for n in range(start, start + count)]


def test_nothing_taught_is_as_shipped() -> None:
    learned = learn([], SHIPPED)
    assert (learned.leanings, learned.findings) == (AS_SHIPPED, ())
    assert AS_SHIPPED.thresholds(THRESHOLDS) == THRESHOLDS
    assert AS_SHIPPED.voice_from(Kind.PRAISE, 0.5) == 0.5
    assert AS_SHIPPED.confidence(Kind.PRAISE, 0.123456) == 0.123456


def test_no_single_correction_moves_anything() -> None:
    for teaches in Teaching:
        one = Lesson(1, teaches, "m", 0.97, Kind.PRAISE, Kind.REQUEST)
        assert learn([one], SHIPPED).leanings == AS_SHIPPED


def test_two_splits_raise_the_cosine_above_which_statements_are_merged() -> None:
    assert merge_after(*lessons(Teaching.SPLIT, 0.93)) == 0.9
    assert merge_after(*lessons(Teaching.SPLIT, 0.93, 0.93)) == 0.94
    # one that stands alone far above the others is no ground to go there
    assert merge_after(*lessons(Teaching.SPLIT, 0.91, 0.92, 0.96)) == 0.93


def test_only_several_merges_by_hand_lower_it_and_never_far() -> None:
    assert merge_after(*lessons(Teaching.MERGE, 0.88, 0.88, 0.88)) == 0.9
    assert merge_after(*lessons(Teaching.MERGE, 0.88, 0.88, 0.88, 0.88)) == 0.88
    assert merge_after(*lessons(Teaching.MERGE, *[0.871] * 50)) == 0.87
    assert merge_after(*lessons(Teaching.MERGE, *[0.6] * 50)) == 0.9


def test_a_split_weighs_as_much_as_two_merges() -> None:
    merges = lessons(Teaching.MERGE, *[0.88] * 5)
    split = Lesson(99, Teaching.SPLIT, "s", 0.885)
    assert (merge_after(*merges), merge_after(*merges, split)) == (0.88, 0.89)


def test_refused_suggestions_raise_what_is_suggested() -> None:
    taught = learn(lessons(Teaching.REFUSAL, 0.77, 0.78, 0.8), SHIPPED)
    assert taught.leanings.thresholds(THRESHOLDS).suggest == 0.78
    assert taught.leanings.thresholds(THRESHOLDS).merge == 0.9


def test_what_is_suggested_is_never_less_alike_than_what_is_merged() -> None:
    leanings = Leanings(merge=-0.03, suggest=0.14)
    assert leanings.thresholds(THRESHOLDS).suggest == leanings.thresholds(THRESHOLDS).merge == 0.87


def test_not_an_insight_raises_the_confidence_of_that_kind_alone() -> None:
    taught = learn(lessons(Teaching.NO_INSIGHT, 0.55, 0.56, 0.58, kind=Kind.PRAISE), SHIPPED).leanings
    assert taught.voice_from(Kind.PRAISE, 0.5) == 0.56
    assert taught.voice_from(Kind.PROBLEM, 0.5) == 0.5


def test_what_staff_tag_lowers_it() -> None:
    taught = learn(lessons(Teaching.MISSED, 0.41, 0.42, 0.43, 0.44, kind=Kind.REQUEST), SHIPPED).leanings
    assert taught.voice_from(Kind.REQUEST, 0.5) == 0.43
    assert taught.voice_from(Kind.REQUEST, 0.64) == 0.57


def test_kinds_corrected_again_and_again_count_less_and_the_right_ones_more() -> None:
    few = learn(corrected(2, Kind.PRAISE, Kind.REQUEST), SHIPPED).leanings
    many = learn(corrected(10, Kind.PRAISE, Kind.REQUEST), SHIPPED).leanings
    assert few == AS_SHIPPED
    assert many.confidence(Kind.PRAISE, 0.6) < 0.6 < many.confidence(Kind.REQUEST, 0.6)
    assert many.confidence(Kind.PROBLEM, 0.6) == 0.6
    endless = learn(corrected(100_000, Kind.PRAISE, Kind.REQUEST), SHIPPED).leanings
    assert endless.confidence(Kind.PRAISE, 0.6) > 0.35


def test_of_several_corrections_of_one_message_the_latest_counts() -> None:
    there = corrected(6, Kind.PRAISE, Kind.REQUEST)
    back = [replace(lesson, number=lesson.number + 100, to=Kind.PRAISE) for lesson in there]
    assert learn([*there, *back], SHIPPED) == learn([], SHIPPED)
    assert merge_after(*[Lesson(n, Teaching.SPLIT, "same", 0.95) for n in range(5)]) == 0.9


@pytest.mark.parametrize(("confidence", "teaches"), [(0.6, True), (1.0, False), (None, False)])
def test_what_staff_gave_by_hand_says_nothing_of_the_judging(confidence: float | None, teaches: bool) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    correction = Correction(
        CommunityId("acme"), CorrectionId("c"), CorrectionSort.DISMISSAL, MemberId("sam"), at,
        insight=InsightId("i"), was_kind=Kind.PRAISE, confidence=confidence,
    )  # fmt: skip
    assert (lesson_of(correction, 1) is not None) is teaches


def test_each_finding_names_the_corrections_it_comes_from() -> None:
    taught = lessons(Teaching.SPLIT, 0.91, 0.93)
    (found,) = learn(taught, SHIPPED).findings
    assert (found.dial, found.shipped, found.here, found.more) == (Dial.MERGE, 0.9, 0.92, tuple(taught))


@given(LESSONS, st.randoms())
def test_the_order_in_which_they_were_made_known_does_not_matter(taught: list[Lesson], random) -> None:
    shuffled = list(taught)
    random.shuffle(shuffled)
    assert learn(shuffled, SHIPPED) == learn(taught, SHIPPED)


@given(LESSONS, LESSON)
def test_taking_one_back_restores_exactly_what_was(taught: list[Lesson], more: Lesson) -> None:
    before = learn(taught, SHIPPED)
    standing = [*taught, replace(more, number=1000)]
    learn(standing, SHIPPED)
    assert learn([one for one in standing if one.number != 1000], SHIPPED) == before


@given(LESSONS)
def test_everything_stays_within_its_bounds(taught: list[Lesson]) -> None:
    leanings = learn(taught, SHIPPED).leanings
    thresholds = leanings.thresholds(THRESHOLDS)
    assert 0.87 <= thresholds.merge <= 0.97
    assert 0.70 <= thresholds.suggest <= thresholds.merge
    assert all(0.35 <= leanings.voice_from(kind, 0.5) <= 0.65 for kind in Kind)
    assert all(0.35 < leanings.confidence(kind, 0.6) < 0.81 for kind in Kind)


@given(LESSONS, st.floats(0.0, 1.0), KINDS)
def test_what_speaks_for_more_never_gives_less(taught: list[Lesson], at: float, kind: Kind) -> None:
    def values(*more: Lesson) -> tuple[float, float, float]:
        leanings = learn([*taught, *more], SHIPPED).leanings
        return leanings.merge, leanings.suggest, leanings.voice_from(kind, 0.5)

    before = values()
    split = values(Lesson(1000, Teaching.SPLIT, "new", at))
    refusal = values(Lesson(1000, Teaching.REFUSAL, "new", at))
    wrong = values(Lesson(1000, Teaching.NO_INSIGHT, "new", at, kind))
    merge = values(Lesson(1000, Teaching.MERGE, "new", at))
    missed = values(Lesson(1000, Teaching.MISSED, "new", at, kind))
    assert split[0] >= before[0] >= merge[0]
    assert refusal[1] >= before[1] >= merge[1]
    assert wrong[2] >= before[2] >= missed[2]


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(-1.0, 1.0))
def test_leaning_keeps_the_order_of_confidences(one: float, other: float, lean: float) -> None:
    leanings = Leanings(sure={Kind.PRAISE: lean})
    low, high = sorted((one, other))
    assert 0 <= leanings.confidence(Kind.PRAISE, low) <= leanings.confidence(Kind.PRAISE, high) <= 1


@pytest.mark.parametrize("shipped", [0.905, 0.86, 0.8])
def test_it_holds_for_models_with_other_thresholds(shipped: float) -> None:
    taught = lessons(Teaching.SPLIT, shipped + 0.012, shipped + 0.012)
    learned = learn(taught, Shipped(shipped, 0.7, 0.5, "hashing")).findings[0]
    assert learned.here == round(shipped + 0.02, 4) > taught[0].at


def test_cosines_of_another_model_teach_nothing_and_confidences_always_do() -> None:
    splits = [Lesson(n, Teaching.SPLIT, f"s{n}", 0.95, model="another") for n in range(1, 9)]
    assert learn(splits, SHIPPED).findings == ()
    mine = [replace(one, model=SHIPPED.model) for one in splits]
    assert learn(mine, SHIPPED).leanings.merge > 0
    wrong = lessons(Teaching.NO_INSIGHT, 0.6, 0.6, 0.6, 0.6, kind=Kind.PRAISE)
    assert learn([*splits, *wrong], SHIPPED) == learn(wrong, SHIPPED)
    assert learn(wrong, SHIPPED).leanings.voice
