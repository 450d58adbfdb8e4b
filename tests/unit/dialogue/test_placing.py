"""Where a statement goes by two models: each decides by its own cosines, as the community leans."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from dialogue.capturing.placing import KnownVoices, Placement, Said, nearest_to
from dialogue.meanings import Embedders
from dialogue.ports import Embedder
from knowledge_base.circles import Circle, Readers
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from knowledge_base.merging import Candidate, Thresholds, Vector

HERE = Circle("public")


class Silent(Embedder):
    size = 2
    languages = None

    def __init__(self, name: str, merge: float, suggest: float) -> None:
        self.name = name
        self.thresholds = Thresholds(merge, suggest, 0.6, 0.5)

    def embed(self, text: str) -> np.ndarray:
        return np.ones(2, np.float32)


class Given(KnownVoices):
    def __init__(self, found: Mapping[str, Sequence[Candidate]]) -> None:
        self._found = found

    async def nearest(self, model: str, vector: Vector, readers: Readers) -> Sequence[Candidate]:
        return self._found.get(model, ())

    async def insight_of(self, message: MessageId, circle: Circle) -> tuple[InsightId, Kind] | None:
        return None


@pytest.fixture
def embedders() -> Embedders:
    return Embedders(Silent("fine", 0.7, 0.55), Silent("broad", 0.75, 0.5))


def near(insight: str, cosine: float, text: str = "it hangs", circle: Circle = HERE) -> Candidate:
    return Candidate(InsightId(insight), MessageId(f"{insight}{cosine}"), Kind.PROBLEM, cosine, circle, text)


async def placed(
    embedders: Embedders, leanings: Leanings = AS_SHIPPED, said: str = "it hangs", **found: Sequence[Candidate]
) -> Placement:
    meaning = embedders.meaning(said, "en")
    return await nearest_to(Said(said, meaning, Kind.PROBLEM, HERE), embedders, Given(found), leanings)


def suggested(placement: Placement) -> list[tuple[str, float]]:
    return [(str(one.insight), one.cosine) for one in placement.likely]


async def test_either_model_may_merge_by_its_own_threshold(embedders: Embedders) -> None:
    assert (await placed(embedders, fine=[near("a", 0.72)], broad=[near("b", 0.99)])).insight == "a"
    assert (await placed(embedders, fine=[near("a", 0.69)], broad=[near("b", 0.76)])).insight == "b"
    assert (await placed(embedders, broad=[near("b", 0.72)])).insight is None


async def test_suggested_is_the_likeliest_of_both(embedders: Embedders) -> None:
    found = await placed(embedders, fine=[near("a", 0.6), near("c", 0.54)], broad=[near("b", 0.7), near("a", 0.52)])
    assert (found.insight, suggested(found)) == (None, [("b", 0.7), ("a", 0.6)])


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
