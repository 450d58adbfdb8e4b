"""What one message says by itself: its words, then what they mean where that may change what it is."""

from dataclasses import replace
from datetime import UTC, datetime
from math import log

import numpy as np
import pytest

from dialogue.capturing.thinking import LOOKED_AT, Understanding
from dialogue.meanings import Embedders
from dialogue.ports import Embedder, KindClassifier, LanguageIdentifier
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.prepare import STATED, STATED_ELSEWHERE
from dialogue.understanding.reading import Reading
from dialogue.understanding.values import Anchor, Heard, KindGuess, Tie
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.merging import Thresholds, Vector


class Spoken(LanguageIdentifier):
    """Everybody speaks one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def identify(self, text: str) -> str:
        return self._language


class Leaning(KindClassifier):
    """By its words each text is ``kind``, and a problem by so much; by what it means it surely is a problem."""

    def __init__(self, kind: Kind, problem: float) -> None:
        self._kind, self._problem = kind, problem

    def classify(self, reading: Reading) -> KindGuess:
        rest = (1 - self._problem) / (len(Kind) - 1)
        shares = dict.fromkeys(Kind, 1e-06) | {self._kind: rest, Kind.PROBLEM: self._problem}
        return KindGuess(self._kind, 0.6, "words", tuple(log(shares[kind]) for kind in Kind))

    def reconsider(self, guess: KindGuess, model: str, vector: Vector) -> KindGuess:
        assert model == "broad"
        return replace(guess, kind=Kind.PROBLEM, confidence=0.9)


class Noting(Embedder):
    """Keeps what it is asked."""

    size = 4
    thresholds = Thresholds(0.9, 0.9, 0.9, 0.8, 0.7, 0.6, 0.5)
    languages = frozenset({"en"})

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []

    def embed(self, text: str) -> Vector:
        self.asked.append(text)
        return np.eye(4, dtype=np.float32)[0]


def minds(kind: Kind, problem: float, language: str = "en", *, across: bool = True) -> Understanding:
    embedders = Embedders(Noting("fine"), Noting("broad") if across else None)
    return Understanding(Spoken(language), Leaning(kind, problem), embedders)


def said(role: Role = Role.CUSTOMER) -> Heard:
    return Heard(MessageId("m1"), "anna", "Anna", role, datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "the pump stands still")


def asked(mind: Understanding) -> tuple[int, int]:
    return tuple(len(model.asked) for model in mind.embedders.models)  # type: ignore[attr-defined, return-value]


@pytest.mark.parametrize(("problem", "kind"), [(LOOKED_AT + 0.01, Kind.PROBLEM), (LOOKED_AT - 0.01, Kind.INFORMATION)])
def test_a_kind_is_looked_at_again_where_the_words_leave_it_open(problem: float, kind: Kind) -> None:
    mind = minds(Kind.INFORMATION, problem)
    assert mind.prepare(said()).guess.kind is kind
    assert asked(mind) == (0, int(kind is Kind.PROBLEM))


def test_staffs_kind_is_told_by_their_words_and_so_is_any_without_the_model_across() -> None:
    for mind, heard in (
        (minds(Kind.INFORMATION, 0.4), said(Role.STAFF)),
        (minds(Kind.CHATTER, 0.4, across=False), said()),
    ):
        assert mind.prepare(heard).guess.kind is not Kind.PROBLEM
        assert not any(asked(mind))


def test_what_is_looked_at_twice_is_embedded_once_by_the_quick_model_and_by_the_fine_one_only_to_be_placed() -> None:
    mind = minds(Kind.PROBLEM, STATED + 0.01)
    prepared = mind.prepare(said())
    assert asked(mind) == (0, 1)
    thought = mind.thought(prepared)
    assert thought.meaning is not None
    assert [embedding.model for embedding in thought.meaning.embeddings] == ["fine", "broad"]
    assert asked(mind) == (1, 1)


@pytest.mark.parametrize(
    ("language", "problem", "states"),
    [
        ("en", STATED + 0.01, True),
        ("en", STATED - 0.01, False),
        ("de", STATED_ELSEWHERE + 0.01, True),
        ("de", STATED_ELSEWHERE - 0.01, False),
    ],
)
def test_amid_a_talk_a_voice_needs_the_words_too_at_its_beginning_what_is_meant_is_enough(
    language: str, problem: float, *, states: bool
) -> None:
    mind = minds(Kind.INFORMATION, problem, language)
    prepared = mind.prepare(said())
    state, opening = judge(ChannelState(), prepared, None)
    amid = replace(prepared, heard=replace(prepared.heard, id=MessageId("m2")))
    _, answer = judge(state, amid, Anchor(MessageId("m1"), opening.conversation, Tie.PLATFORM))

    assert prepared.guess.kind is Kind.PROBLEM
    assert prepared.states is states
    assert opening.voices
    assert answer.voices is states
    assert (mind.thought(prepared).meaning is not None) is states
