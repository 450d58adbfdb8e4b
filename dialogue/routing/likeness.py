"""Whether insights mean something like the examples that routes give; only vectors of the same model are compared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dialogue.meanings import Embedders
from dialogue.ports import UnitOfWork
from knowledge_base.conditions import Example
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.merging import Vector

_Vectors = Mapping[str, Mapping[InsightId, Sequence[Vector]]]
"""By model and insight."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near an insight is to an example by one model, and how near it has to be: cosines."""

    cosine: float
    least: float

    @property
    def beyond(self) -> float:
        """How much nearer than it has to be."""
        return self.cosine - self.least


@dataclass(frozen=True, slots=True)
class Compared:
    """Insights beside examples, each by the model to which it is nearest as that model measures.

    Left out is what can't be compared: words that say nothing, or vectors that the models in use did not make.
    """

    found: Mapping[InsightId, Mapping[Example, Likeness]]

    def like(self, insight: InsightId) -> frozenset[Example]:
        """The examples that an insight is like."""
        return frozenset(example for example, near in self.found.get(insight, {}).items() if near.beyond >= 0)

    def nearest(self, insight: InsightId) -> Likeness | None:
        """How near an insight is to the example to which it is nearest; None where there is none."""
        return max(self.found.get(insight, {}).values(), key=lambda one: one.beyond, default=None)


async def compare(
    uow: UnitOfWork,
    embedders: Embedders,
    community: CommunityId,
    insights: Sequence[InsightId],
    examples: Collection[Example],
) -> Compared:
    """How near insights are to examples: of an insight's first voices the one that is nearest.

    An example that is an insight is what its first voices mean on average, wherever they were merged.
    """
    found: dict[InsightId, dict[Example, Likeness]] = {insight: {} for insight in insights}
    named = {*insights, *(example.insight for example in examples if example.insight is not None)}
    by_model = await _voiced(uow, community, named)
    for model in embedders.models:
        voiced = by_model.get(model.name, {})
        for example in examples:
            centre = _centre(embedders, example, model.name, voiced)
            if centre is None:
                continue
            for insight in voiced.keys() & found.keys():
                near = Likeness(_nearest(centre, voiced[insight]), model.thresholds.like)
                known = found[insight].get(example, near)
                found[insight][example] = max(near, known, key=lambda one: one.beyond)
    return Compared(found)


async def _voiced(uow: UnitOfWork, community: CommunityId, insights: Collection[InsightId]) -> _Vectors:
    """What the first voices of insights mean to each model; of a merged one, those of what it was merged into."""
    voiced = await uow.insights.first_of_many(community, insights)
    known = {insight for theirs in voiced.values() for insight in theirs}
    places = {one: await _place(uow, community, one) for one in insights if one not in known}
    merged = {one: place for one, place in places.items() if place != one}
    if not merged:
        return voiced
    there = await uow.insights.first_of_many(community, set(merged.values()))
    moved = {
        model: {one: theirs[place] for one, place in merged.items() if place in theirs}
        for model, theirs in there.items()
    }
    return {model: {**voiced.get(model, {}), **moved.get(model, {})} for model in voiced.keys() | moved.keys()}


def _nearest(centre: Vector, voices: Sequence[Vector]) -> float:
    """The cosine of the voice that is nearest."""
    # each by itself: a matrix product's last bits would depend on how many there are
    return max(float(np.dot(vector, centre)) for vector in voices)


async def _place(uow: UnitOfWork, community: CommunityId, insight: InsightId) -> InsightId:
    """Where the voices of an insight are by now."""
    known = await uow.insights.get(community, insight)
    while known is not None and known.merged_into is not None:
        insight = known.merged_into
        known = await uow.insights.get(community, insight)
    return insight


def _centre(
    embedders: Embedders, example: Example, model: str, voiced: Mapping[InsightId, Sequence[Vector]]
) -> Vector | None:
    """What an example means to a model; None where it can't tell."""
    if example.insight is not None:
        first = voiced.get(example.insight)
        return None if first is None else np.mean(first, axis=0, dtype=np.float32)
    said = embedders.example(example.text, example.language).embeddings
    return next((one.vector for one in said if one.model == model and one.vector.any()), None)
