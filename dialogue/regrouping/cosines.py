"""How alike insights, or a voice and the others of its insight, looked where it was decided whether they are one."""

from collections.abc import Mapping, Sequence
from typing import Final

from dialogue.router import Context
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.likeness import most_alike
from knowledge_base.merging import Thresholds, Vector, merged_from

COMPARED: Final = 256
"""The voices of each insight that are compared, those added last."""
Vectors = Mapping[MessageId, Vector]


async def cosine_between(context: Context, insight: InsightId, other: InsightId) -> float | None:
    """How alike two insights are, by their most alike voices; None if the models in use know none of one of them."""
    return await _as_decided(context, await _by_models(context, insight), await _by_models(context, other))


async def cosine_to_others(context: Context, insight: InsightId, message: MessageId) -> float | None:
    """The same of a voice and the others of its insight."""
    every = await _by_models(context, insight)
    own = [{message: vectors[message]} if message in vectors else {} for vectors in every]
    others = [{other: vector for other, vector in vectors.items() if other != message} for vectors in every]
    return await _as_decided(context, own, others)


async def _by_models(context: Context, insight: InsightId) -> Sequence[Vectors]:
    read = context.uow.regroupings.vectors
    every = [await read(context.community, insight, model.name, COMPARED) for model in context.embedders.models]
    return [{message: vector for message, vector in vectors.items() if vector.any()} for vectors in every]


async def _as_decided(context: Context, some: Sequence[Vectors], others: Sequence[Vectors]) -> float | None:
    """By the model to which they are most alike, as a cosine of the main one that is as far from where it merges.

    What a finer model knows of both it decides alone, as where voices are placed.
    """
    found, known = list[float](), set[MessageId]()
    for model, one, other in zip(context.embedders.models, some, others, strict=True):
        pair = most_alike(one, other, known)
        if pair is not None:
            cosine, this, that = pair
            enough = await _enough(context, this, that, model.thresholds)
            found.append(context.embedders.as_main(cosine, enough))
        known |= one.keys() | other.keys()
    return max(found, default=None)


async def _enough(context: Context, one: MessageId, other: MessageId, thresholds: Thresholds) -> float:
    read = context.uow.messages.get
    said, its = await read(context.community, one), await read(context.community, other)
    if said is None or its is None:
        return thresholds.merge
    return merged_from(said.text, said.language, its.text, its.language, thresholds)
