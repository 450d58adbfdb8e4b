"""How alike statements are, by their vectors."""

from collections.abc import Mapping, Sequence

import numpy as np

from knowledge_base.ids import MessageId
from knowledge_base.merging import Vector


def likeness(some: Sequence[Vector], others: Sequence[Vector]) -> float | None:
    """The cosine of the two that are most alike; None where there is nothing to compare. Vectors have length 1 or 0."""
    if not some or not others:
        return None
    return float(np.max(np.stack(some) @ np.stack(others).T))


def representative(vectors: Mapping[MessageId, Vector], most: int) -> frozenset[MessageId]:
    """The statements nearest to the middle of all, at most ``most``; ties go to those that come first.

    Vectors of length 0 say nothing, and represent nothing.
    """
    speaking = {message: vector for message, vector in vectors.items() if vector.any()}
    if not speaking:
        return frozenset()
    middle = np.mean(np.stack(list(speaking.values())), axis=0)
    ranked = sorted(speaking, key=lambda message: -round(float(np.dot(speaking[message], middle)), 6))
    return frozenset(ranked[:most])
