import numpy as np
import pytest

from knowledge_base.ids import AnswerId
from knowledge_base.merging import Thresholds
from knowledge_base.ranking import Entry, KnownAnswers, Verdict, normalised

THRESHOLDS = Thresholds(merge=0.9, sharing=0.9, across=0.9, suggest=0.75, answer=0.6, offer=0.4, like=0.5)


def entry(name: str, *questions: str, answer: str = "Like this.") -> Entry:
    return Entry(AnswerId(name), questions, answer)


def towards(axis: int, cosine: float, size: int = 16) -> np.ndarray:
    """A unit vector at ``cosine`` to an axis; the rest points along the last axis."""
    vector = np.zeros(size, np.float32)
    vector[axis], vector[-1] = cosine, np.sqrt(1 - cosine**2)
    return vector


def axes(count: int, size: int = 16) -> np.ndarray:
    return np.eye(size, dtype=np.float32)[:count]


def three() -> KnownAnswers:
    entries = [entry("export", "how do i export", "csv download"), entry("login", "log in"), entry("dark", "dark mode")]
    return KnownAnswers(entries, axes(4), THRESHOLDS)


@pytest.mark.parametrize(
    ("cosine", "verdict"), [(0.95, Verdict.ANSWER), (0.61, Verdict.ANSWER), (0.5, Verdict.OFFER), (0.3, Verdict.SILENT)]
)
def test_confidence_decides_between_answer_offer_and_silence(cosine: float, verdict: Verdict) -> None:
    ranking = three().rank("sign in please", towards(2, cosine))
    assert ranking.verdict is verdict
    assert ranking.ranked[0] == "login"
    assert ranking.confidence == pytest.approx(cosine, abs=1e-5)
    assert ranking.answer == ("login" if verdict is Verdict.ANSWER else None)


def test_the_nearest_phrase_counts_whatever_the_others_say() -> None:
    assert three().rank("as csv", towards(1, 0.8)).answer == "export"


def test_candidates_are_given_even_in_silence_each_once() -> None:
    assert sorted(three().rank("pizza", towards(9, 0.9)).ranked) == ["dark", "export", "login"]


def test_at_most_ten_and_ties_in_the_given_order() -> None:
    known = KnownAnswers([entry(f"a{i}", f"question {i}") for i in range(15)], axes(15), THRESHOLDS)
    assert known.rank("?", towards(15, 0.0)).ranked == tuple(f"a{i}" for i in range(10))


def test_nothing_known_nothing_said() -> None:
    ranking = KnownAnswers([], np.empty((0, 16), np.float32), THRESHOLDS).rank("hi", towards(0, 1))
    assert (ranking.ranked, ranking.confidence, ranking.answer) == ((), 0.0, None)


@pytest.mark.parametrize("text", ["How do I export?", "  how do i  export ", "HOW DO I EXPORT!", "how do i export\n"])
def test_peers_15_spaces_case_and_marks_make_no_other_question(text: str) -> None:
    ranking = three().rank(text, towards(3, 0.9))
    assert (ranking.answer, ranking.confidence) == ("export", 1.0)


def codes() -> KnownAnswers:
    entries = [
        entry("disk", "installation fails with 0x80070057", answer="Free some space."),
        entry("net", "installation fails with 0x80072EE7", answer="Check the proxy in proxy.toml."),
        entry("any", "installation fails"),
    ]
    return KnownAnswers(entries, axes(3), THRESHOLDS)


def test_an_error_code_beats_a_slightly_nearer_meaning() -> None:
    vector = (towards(0, 0.70) + towards(1, 0.60)).astype(np.float32)
    assert codes().rank("setup: error 0x80072ee7", vector / np.linalg.norm(vector)).ranked[0] == "net"


def test_another_error_code_is_not_answered_however_alike() -> None:
    assert codes().rank("installation fails with 0x80004005", towards(0, 0.8)).answer is None


def test_file_names_in_answers_are_found() -> None:
    assert codes().rank("where is proxy.toml", towards(1, 0.45)).answer == "net"


def test_a_name_that_many_answers_share_tells_nothing() -> None:
    entries = [entry(f"a{i}", f"question {i} about config.toml") for i in range(4)]
    known = KnownAnswers(entries, axes(4), THRESHOLDS)
    assert known.rank("what about config.toml", towards(2, 0.5)).confidence == pytest.approx(0.5, abs=1e-5)


def test_phrases_and_vectors_must_match() -> None:
    with pytest.raises(ValueError, match="one vector per phrase"):
        KnownAnswers([entry("a", "x", "y")], axes(1), THRESHOLDS)
    with pytest.raises(ValueError, match="at least one phrase"):
        KnownAnswers([entry("a", "x"), entry("b")], axes(1), THRESHOLDS)


def test_normalised_keeps_what_differs() -> None:
    assert normalised(" Wie  geht's? ") == "wie geht's"
    assert normalised("v1.2") != normalised("v1.3")


@pytest.mark.parametrize("text", ["a-" * 20_000, "a1" * 20_000, "a_" * 20_000, "\0\ud800"])
def test_takes_any_text(text: str) -> None:
    assert codes().rank(text, towards(0, 0.5)).ranked
