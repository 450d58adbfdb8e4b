import numpy as np

from knowledge_base.circles import Circle
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.likeness import most_alike, representative
from knowledge_base.merging import Candidate, Thresholds, Wording
from knowledge_base.suggestions import MOST, likeliest, likely

THRESHOLDS = Thresholds(merge=0.9, sharing=0.9, across=0.9, suggest=0.75, answer=0.6, offer=0.5, like=0.5)


def unit(*numbers: float) -> np.ndarray:
    vector = np.array(numbers, np.float32)
    return vector / np.linalg.norm(vector)


def near(
    insight: str, cosine: float, kind: Kind = Kind.PROBLEM, message: str = "m", text: str = "it hangs"
) -> Candidate:
    wording = Wording(MessageId(message), text, "en")
    return Candidate(InsightId(insight), kind, cosine, Circle("public"), lambda: wording)


def test_insights_are_as_alike_as_their_most_alike_voices() -> None:
    one, two, three = MessageId("one"), MessageId("two"), MessageId("three")
    some, others = {one: unit(1, 0), two: unit(0, 1)}, {three: unit(3, 4)}
    assert most_alike(some, others) == (np.float32(0.8), two, three)
    assert most_alike(some, others, {two, three}) == (np.float32(0.6), one, three)
    assert most_alike(some, others, {one, two, three}) is None
    assert most_alike({}, others) is None


def test_those_nearest_to_the_middle_represent_all_and_what_says_nothing_does_not() -> None:
    vectors = {
        MessageId("far"): unit(0, 1),
        MessageId("one"): unit(1, 0.1),
        MessageId("two"): unit(1, 0.2),
        MessageId("joins"): np.zeros(2, np.float32),
    }
    assert representative(vectors, 2) == {"one", "two"}
    assert representative(vectors, 9) == {"one", "two", "far"}
    assert representative({MessageId("joins"): np.zeros(2, np.float32)}, 2) == frozenset()


def test_likely_are_the_nearest_insights_of_a_kind_that_may_be_the_same() -> None:
    candidates = [
        near("b", 0.95, Kind.QUESTION),
        near("a", 0.8),
        near("a", 0.78, message="n"),
        near("c", 0.8),
        near("d", 0.76),
        near("praise", 0.99, Kind.PRAISE),
        near("far", 0.74),
    ]
    assert [(c.insight, c.cosine) for c in likely(Kind.PROBLEM, "it hangs", candidates, THRESHOLDS)] == [
        ("b", 0.95),
        ("a", 0.8),
        ("c", 0.8),
        ("d", 0.76),
    ]
    assert [c.insight for c in likely(Kind.PRAISE, "it hangs", candidates, THRESHOLDS)] == ["praise"]


def test_an_insight_whose_nearest_voice_contrasts_is_not_suggested() -> None:
    candidates = [near("b", 0.9, text="please add dark mode"), near("b", 0.8, text="night theme when?")]
    assert likely(Kind.PROBLEM, "please remove dark mode", candidates, THRESHOLDS) == ()


def test_of_two_models_the_likeliest_is_nearest_to_where_its_model_merges() -> None:
    other = Thresholds(merge=0.5, sharing=0.5, across=0.5, suggest=0.3, answer=0.6, offer=0.5, like=0.5)
    found = [(near("a", 0.8), THRESHOLDS), (near("b", 0.76), THRESHOLDS), (near("b", 0.45), other)]
    assert [(c.insight, c.cosine) for c in likeliest("it hangs", "en", found)] == [("b", 0.45), ("a", 0.8)]
    assert len(likeliest("it hangs", "en", [(near(str(n), 0.8), THRESHOLDS) for n in range(9)])) == MOST
