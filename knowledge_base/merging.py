"""Whether two statements are the same insight: cheap signatures find the few that may be, exact vectors decide, and
then words, where a cosine is blind (``contrasts.py``).

Signatures are signed random projections (Charikar, "Similarity estimation techniques from rounding algorithms", 2002):
the share of differing bits estimates the angle between two vectors. With 128 bits, vectors at cosine .9 differ in 18
bits, standard deviation 4; unrelated ones in about 60. An index of signatures costs 16 bytes a voice.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge_base.carried import carried
from knowledge_base.circles import Circle
from knowledge_base.contrasts import contrast, shared, traits
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.languages import differ

Vector = NDArray[np.float32]
Signature = NDArray[np.uint64]
SIGNATURE_WORDS = 2
_POSITION_BITS = 40
"""Of what is sorted: above them stands in how many bits two signatures differ."""
_POSITION_MASK = (1 << _POSITION_BITS) - 1
_NONE = np.empty(0, np.int64)
REACH = 46
"""Signatures that differ in more bits are not looked at: 99.9 % of the pairs at cosine .75 are within, 95 % at .6."""
CORE = 8
"""How many of an insight's first voices tell what it is about. More of them change nothing."""
SETTLED = 4
"""From so many on, a statement has to be as near to them on average as to the nearest voice."""
LEEWAY = 0.05
"""How much less will do while they are fewer."""
SHARED = 2
"""So many words in common let two statements be merged from a lower cosine on. Most that share fewer are about one
thing and say something else of it."""
FURTHEST = 10_240
"""How many of the nearest signatures are looked at where most of their voices are not meant."""


@carried
@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """A text's vector by one model: of unit length, or all zeros for words that say nothing by themselves."""

    model: str
    vector: Vector


@carried
@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What a text means to each model that can tell. ``by`` names all that were asked, in the words of their version.

    Meanings by others are made again, and never compared: only vectors of one model are.
    """

    by: str
    embeddings: tuple[Embedding, ...]

    @property
    def is_of_one_model(self) -> bool:
        """Whether no other model knows it."""
        return len(self.embeddings) == 1

    def searches(self) -> Iterator[tuple[Embedding, bool]]:
        """By which vectors is searched, the finest first, and whether only among voices that no other model knows."""
        for place, embedding in enumerate(self.embeddings):
            yield embedding, place > 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cosines of one embedding model, measured for that model.

    ``merge``: two statements in one language are merged silently; ``sharing``: where they share words (:data:`SHARED`);
    ``across``: where their languages differ. ``suggest``: staff are asked. ``answer``, ``offer``: an answer is given,
    or offered. ``like``: something is like an example of a route.
    """

    merge: float
    sharing: float
    across: float
    suggest: float
    answer: float
    offer: float
    like: float

    @property
    def least(self) -> float:
        """What is less alike is neither merged nor suggested."""
        return min(self.merge, self.sharing, self.across, self.suggest)


class Wording(NamedTuple):
    """How a voice says it."""

    message: MessageId
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voice that may say the same: its insight with its kind, the cosine to a statement, and who heard it.

    ``read`` gives its words when asked, until it is withdrawn: of most that are near nobody asks.
    """

    insight: InsightId
    kind: Kind
    cosine: float
    circle: Circle
    read: Callable[[], Wording] = field(compare=False, repr=False)

    @property
    def message(self) -> MessageId:
        """Whose words they are."""
        return self.read().message

    @property
    def text(self) -> str:
        """Its words."""
        return self.read().text

    @property
    def language(self) -> str:
        """Their language."""
        return self.read().language


def choices(
    kind: Kind, text: str, language: str, candidates: Sequence[Candidate], thresholds: Thresholds
) -> Mapping[InsightId, Candidate]:
    """The insights that may surely say the same as ``text``, each with its nearest voice, the nearest first.

    Kinds must agree, no nearer voice of the insight may contrast with the text, and ties go to the first
    of the candidates, which is the voice that was added first. It is the same if :func:`belongs` agrees.
    """
    lowest = min(thresholds.merge, thresholds.sharing, thresholds.across)
    near = [c for c in candidates if c.kind is kind and c.cosine >= lowest]
    nearest: dict[InsightId, Candidate] = {}
    for candidate in uncontrasted(text, near, nearest):
        if candidate.cosine >= merged_from(text, language, candidate.text, candidate.language, thresholds):
            nearest[candidate.insight] = candidate
    return nearest


def merged_from(text: str, language: str, other: str, its_language: str, thresholds: Thresholds) -> float:
    """The cosine from which on a text is merged with another one that nothing else speaks against."""
    if differ(language, its_language):
        return thresholds.across
    alike = shared(traits(text), traits(other)) >= SHARED
    return thresholds.sharing if alike else thresholds.merge


def belongs(vector: Vector, core: Sequence[Vector], enough: float) -> bool:
    """Whether a statement is as near to what an insight's first voices say, on average, as what is merged must be.

    ``core``: their vectors, at most :data:`CORE`; ``enough``: the cosine from which on it is merged with the nearest
    voice. Nearness to one voice alone would let an insight grow in a chain from each question to the next, until its
    last has nothing to do with its first. While they are few, a little less will do: no chain is long yet, and the same
    in a third language is seldom as near to both. There is no core of what staff merged others into, or split off: it
    is about as many things as they say, and to be near to one voice will do.
    """
    least = enough - (LEEWAY if len(core) < SETTLED else 0)
    # each by itself, in order: a matrix product's last bits would depend on how many there are
    return not core or sum(float(np.dot(vector, voice)) for voice in core) / len(core) >= least


def uncontrasted(text: str, candidates: Sequence[Candidate], chosen: Container[InsightId]) -> Iterator[Candidate]:
    """Those that may say the same as ``text``, nearest first, ties as they come.

    An insight is left out from its first voice on whose words contrast with the text, and once it is ``chosen``: that
    may grow while this is read.
    """
    said, others = traits(text), set[InsightId]()
    for candidate in sorted(candidates, key=lambda c: -c.cosine):
        if candidate.insight in others or candidate.insight in chosen:
            continue
        if contrast(said, traits(candidate.text)) is None:
            yield candidate
        else:
            others.add(candidate.insight)


def signature(vector: Vector) -> Signature:
    """The 128-bit signature of a vector, shape (2,)."""
    bits = _planes(vector.shape[0]) @ vector > 0
    return np.packbits(bits).view(np.uint64)


class SignatureIndex:
    """Signatures of voices in memory, in the order they were added; rolled back by :meth:`truncate`."""

    def __init__(self) -> None:
        self._words = np.empty((SIGNATURE_WORDS, 1024), np.uint64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, signature: Signature) -> int:
        """Keep a signature; returns its position."""
        if self._count == self._words.shape[1]:
            more = np.empty((SIGNATURE_WORDS, max(self._count // 4, 1024)), np.uint64)
            self._words = np.concatenate([self._words, more], axis=1)
        self._words[:, self._count] = signature
        self._count += 1
        return self._count - 1

    def truncate(self, count: int) -> None:
        """Forget all but the first ``count``."""
        self._count = min(self._count, count)

    def near(self, signature: Signature, limit: int, before: "Near | None" = None) -> "Near":
        """The nearest within :data:`REACH` bits, at most ``limit``.

        ``before``: what that gave for this signature and limit, if none was forgotten since: only what came later is
        looked at.
        """
        among, order = (0, _NONE) if before is None else before
        differing = np.zeros(self._count - among, np.uint8)
        for known, word in zip(self._words[:, among : self._count], signature, strict=True):
            differing += np.bitwise_count(known ^ word)
        within = np.flatnonzero(differing <= REACH)
        order = np.concatenate((order, differing[within].astype(np.int64) << _POSITION_BITS | within + among))
        if len(order) > limit:
            order = np.partition(order, limit)[:limit]
        return Near(self._count, np.sort(order))


class Near(NamedTuple):
    """What is near among the first ``among`` signatures. ``order``: int64[n], ascending: by bits, then as added."""

    among: int
    order: NDArray[np.int64]

    @property
    def positions(self) -> list[int]:
        """The nearest first; ties in the order added."""
        found: list[int] = (self.order & _POSITION_MASK).tolist()
        return found


@cache
def _planes(size: int) -> Vector:
    generator = np.random.Generator(np.random.PCG64(20040704))
    return generator.standard_normal((64 * SIGNATURE_WORDS, size)).astype(np.float32)
