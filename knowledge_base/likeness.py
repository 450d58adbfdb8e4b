"""How alike statements are, by their vectors."""

from collections.abc import Collection, Mapping

import numpy as np

from knowledge_base.ids import MessageId
from knowledge_base.merging import Vector


def most_alike(
    some: Mapping[MessageId, Vector], others: Mapping[MessageId, Vector], but: Collection[MessageId] = ()
) -> tuple[float, MessageId, MessageId] | None:
    """The cosine of the two that are most alike, with which they are; None where there is nothing to compare.

    Vectors have length 1 or 0. Two that are both in ``but`` are not compared.
    """
    if not some or not others:
        return None
    ones, twos = list(some), list(others)
    cosines = np.stack([some[one] for one in ones]) @ np.stack([others[two] for two in twos]).T
    cosines[np.ix_([one in but for one in ones], [two in but for two in twos])] = -np.inf
    row, column = np.unravel_index(int(cosines.argmax()), cosines.shape)
    nearest = float(cosines[row, column])
    return None if nearest == -np.inf else (nearest, ones[row], twos[column])


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
