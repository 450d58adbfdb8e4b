"""Where a statement goes by two models: each decides by its own cosines, as the community leans."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from dialogue.capturing.placing import KnownVoices, Placement, Said, nearest_to, place
from dialogue.meanings import Embedders
from dialogue.ports import Embedder
from dialogue.router import Thought
from dialogue.understanding.prepare import prepare
from dialogue.understanding.values import Heard, Judgement
from knowledge_base.circles import Circle, Readers
from knowledge_base.ids import ConversationId, InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from knowledge_base.members import Role
from knowledge_base.merging import Candidate, Thresholds, Vector, Wording
from tests.stage import UNDERSTANDING

HERE = Circle("public")
ALIKE = np.array([1, 0], np.float32)
AWAY = np.array([0, 1], np.float32)
ANSWERED = MessageId("s/c/answered")


class Silent(Embedder):
    size = 2
    languages = None

    def __init__(self, name: str, merge: float, suggest: float) -> None:
        self.name = name
        self.thresholds = Thresholds(merge, merge, merge, suggest, 0.6, 0.5, 0.5)

    def embed(self, text: str) -> np.ndarray:
        return ALIKE


class Given(KnownVoices):
    def __init__(
        self,
        found: Mapping[str, Sequence[Candidate]],
        cores: Mapping[str, Sequence[Vector]] | None = None,
        parents: Mapping[MessageId, tuple[InsightId, Kind]] | None = None,
    ) -> None:
        self._found = found
        self._cores = cores or {}
        self._parents = parents or {}
        self.asked: list[tuple[str, bool]] = []

    async def nearest(
        self, model: str, vector: Vector, readers: Readers, *, alone: bool, least: float
    ) -> Sequence[Candidate]:
        self.asked.append((model, alone))
        return [one for one in self._found.get(model, ()) if one.cosine >= least]

    async def core(self, insight: InsightId, model: str) -> Sequence[Vector]:
        return self._cores.get(insight, [ALIKE])

    async def insight_of(self, message: MessageId, circle: Circle) -> tuple[InsightId, Kind] | None:
        return self._parents.get(message)


@pytest.fixture
def embedders() -> Embedders:
    return Embedders(Silent("fine", 0.7, 0.55), Silent("broad", 0.75, 0.5))


def near(insight: str, cosine: float, text: str = "it hangs", circle: Circle = HERE) -> Candidate:
    wording = Wording(MessageId(f"{insight}{cosine}"), text, "en")
    return Candidate(InsightId(insight), Kind.PROBLEM, cosine, circle, lambda: wording)


async def placed(
    embedders: Embedders, leanings: Leanings = AS_SHIPPED, said: str = "it hangs", **found: Sequence[Candidate]
) -> Placement:
    meaning = embedders.meaning(said, "en")
    return await nearest_to(Said(said, "en", meaning, Kind.PROBLEM, HERE), embedders, Given(found), leanings)


def suggested(placement: Placement) -> list[tuple[str, float]]:
    return [(str(one.insight), one.cosine) for one in placement.likely]


async def test_either_model_may_merge_by_its_own_threshold(embedders: Embedders) -> None:
    assert (await placed(embedders, fine=[near("a", 0.72)], broad=[near("b", 0.99)])).insight == "a"
    assert (await placed(embedders, fine=[near("a", 0.69)], broad=[near("b", 0.76)])).insight == "b"
    assert (await placed(embedders, broad=[near("b", 0.72)])).insight is None


async def test_what_the_finer_model_knows_it_decides_alone(embedders: Embedders) -> None:
    for embeddings, asked in ((2, [("fine", False), ("broad", True)]), (1, [("broad", False)])):
        known, meaning = Given({}), embedders.meaning("it hangs", "en")
        meaning = replace(meaning, embeddings=meaning.embeddings[-embeddings:])
        await nearest_to(Said("it hangs", "en", meaning, Kind.PROBLEM, HERE), embedders, known, AS_SHIPPED)
        assert known.asked == asked


async def test_suggested_is_the_likeliest_of_both(embedders: Embedders) -> None:
    found = await placed(embedders, fine=[near("a", 0.6), near("c", 0.54)], broad=[near("b", 0.7), near("a", 0.52)])
    assert (found.insight, suggested(found)) == (None, [("b", 0.7), ("a", 0.6)])


async def test_what_may_be_the_same_is_not_looked_for_before_somebody_asks(embedders: Embedders) -> None:
    unread = replace(near("a", 0.6), read=lambda: pytest.fail("it is read"))
    found = await placed(embedders, fine=[unread])
    assert found.insight is None
    with pytest.raises(pytest.fail.Exception):
        suggested(found)


async def test_the_communitys_leanings_move_each_models_thresholds(embedders: Embedders) -> None:
    careful = Leanings(merge=0.05, suggest=0.05)
    found = await placed(embedders, careful, fine=[near("a", 0.72)], broad=[near("b", 0.79), near("c", 0.54)])
    assert (found.insight, suggested(found)) == (None, [("b", 0.79), ("a", 0.72)])


async def test_words_that_contrast_are_neither_merged_nor_suggested(embedders: Embedders) -> None:
    dark = near("a", 0.9, "please add dark mode")
    found = await placed(embedders, said="please remove dark mode", fine=[dark], broad=[dark])
    assert (found.insight, suggested(found)) == (None, [])


async def test_what_others_heard_is_suggested_and_not_merged(embedders: Embedders) -> None:
    found = await placed(embedders, fine=[near("a", 0.9, circle=Circle("private/s/other"))])
    assert (found.insight, suggested(found)) == (None, [("a", 0.9)])


async def test_what_is_near_to_one_voice_but_not_to_the_first_ones_joins_the_next_insight(embedders: Embedders) -> None:
    found = {"fine": [near("a", 0.9), near("b", 0.8), near("a", 0.75)]}
    meaning = embedders.meaning("it hangs", "en")
    said = Said("it hangs", "en", meaning, Kind.PROBLEM, HERE)
    chained = Given(found, {"a": [AWAY, AWAY, ALIKE]})
    assert (await nearest_to(said, embedders, chained, AS_SHIPPED)).insight == "b"
    both = Given(found, {"a": [AWAY, ALIKE], "b": [AWAY]})
    placement = await nearest_to(said, embedders, both, AS_SHIPPED)
    assert (placement.insight, suggested(placement)) == (None, [("a", 0.9), ("b", 0.8)])


async def voiced(
    text: str, embedders: Embedders, kind: Kind = Kind.PROBLEM, answers: MessageId | None = None, link: float = 1.0
) -> Placement | None:
    said = Heard(MessageId("s/c/m"), "anna", "Anna", Role.CUSTOMER, datetime(2026, 3, 2, tzinfo=UTC), text)
    prepared = prepare(said, UNDERSTANDING.identifier, UNDERSTANDING.classifier)
    judgement = Judgement(answers, ConversationId("c"), kind, 0.9, "en", voices=True, link=link, why=tuple)
    known = Given({"fine": [near("a", 0.99, text)]}, parents={ANSWERED: (InsightId("p"), Kind.PROBLEM)})
    return await place(Thought(prepared, None), judgement, HERE, embedders, known)


def is_near_to_nothing(placement: Placement) -> bool:
    return not any(one.vector.any() for one in placement.meaning.embeddings)


async def test_that_something_is_wrong_is_near_to_nothing_and_begins_an_insight(embedders: Embedders) -> None:
    for text in ("it doesn't work", "there is an error", "das geht nicht", "@Ben it still does not work :("):
        placement = await voiced(text, embedders)
        assert placement is not None
        assert (placement.insight, placement.likely) == (None, ())
        assert is_near_to_nothing(placement)
    placement = await voiced("the export doesn't work", embedders)
    assert placement is not None
    assert placement.insight == "a"
    assert not is_near_to_nothing(placement)


async def test_who_only_calls_for_somebody_voices_nothing(embedders: Embedders) -> None:
    for text in ("can anybody help?", "anyone?", "may I ask a question?", "kann mir jemand helfen?"):
        assert await voiced(text, embedders, Kind.QUESTION) is None
        assert await voiced(text, embedders, Kind.PROBLEM) is None


async def test_saying_nothing_in_particular_in_answer_joins_what_it_answers_or_nothing(embedders: Embedders) -> None:
    for text in ("it doesn't work", "Ben: it doesn't work"):
        placement = await voiced(text, embedders, answers=ANSWERED)
        assert placement is not None
        assert placement.insight == "p"
        assert is_near_to_nothing(placement)
        assert await voiced(text, embedders, answers=MessageId("s/c/no voice")) is None
        assert await voiced(text, embedders, Kind.COMPLAINT, answers=ANSWERED) is None
        guessed = await voiced(text, embedders, answers=ANSWERED, link=0.99)
        assert guessed is not None
        assert guessed.insight is None


async def test_a_word_in_front_of_an_opening_is_what_it_is_about(embedders: Embedders) -> None:
    placement = await voiced("Export: it doesn't work", embedders)
    assert placement is not None
    assert placement.insight == "a"


async def test_praise_is_praise_however_little_it_says(embedders: Embedders) -> None:
    assert await voiced("I like it so much", embedders, Kind.PRAISE) is not None
