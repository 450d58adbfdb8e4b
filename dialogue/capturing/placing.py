"""Which insight a message voices: one and the same decision for live traffic and for a dry run over a history."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dialogue.events import Place
from dialogue.ports import Embedder
from dialogue.router import Thought
from dialogue.understanding.values import Judgement, Sign
from knowledge_base.circles import Circle, Readers, circle_of, readers_in
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from knowledge_base.merging import Candidate, Thresholds, Vector, choose
from knowledge_base.suggestions import likely


class KnownVoices(Protocol):
    """The voices known so far, those placed just now included."""

    @abstractmethod
    async def nearest(self, model: str, vector: Vector, readers: Readers) -> Sequence[Candidate]:
        """The voices said to such readers that are nearest in meaning, nearest first, at most 20.

        Only vectors of the same model.
        """

    @abstractmethod
    async def insight_of(self, message: MessageId, circle: Circle) -> tuple[InsightId, Kind] | None:
        """The insight a message is a voice of, with that insight's kind; None if others heard it, or it is no voice."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A message is a voice: of this insight, or of a new one (None). ``vector`` is kept with the voice.

    ``circle``: who heard it. ``likely``: the nearest voices of other insights that a new one may be the same as.
    """

    insight: InsightId | None
    vector: Vector
    circle: Circle
    reason: str
    likely: tuple[Candidate, ...] = ()


async def place(
    thought: Thought,
    judgement: Judgement,
    where: Place,
    embedder: Embedder,
    known: KnownVoices,
    leanings: Leanings = AS_SHIPPED,
) -> Placement | None:
    """Where a judged message belongs; None if it is no voice.

    Who joins in ("same here") voices what they answered. Such a message says nothing by itself, so it is kept with a
    vector that is near to nothing: else all who ever joined in would seem to say the same.
    """
    if not judgement.voices:
        return None
    circle = circle_at(where)
    if _joins(thought, judgement) and judgement.reply_to is not None:
        joined = await known.insight_of(judgement.reply_to, circle)
        if joined and joined[1] is judgement.kind:
            return Placement(joined[0], vector_of(thought, judgement, embedder), circle, "joins what it answers")
        if thought.prepared.guess.kind is not judgement.kind:
            return None
    thresholds = leanings.thresholds(embedder.thresholds)
    return await nearest_to(own_vector(thought, embedder), judgement.kind, circle, embedder.name, known, thresholds)


async def nearest_to(
    vector: Vector, kind: Kind, circle: Circle, model: str, known: KnownVoices, thresholds: Thresholds
) -> Placement:
    """The insight that surely says the same to the same people, or a new one with those that may be the same.

    ``thresholds``: the cosines by ``model`` that decide here.
    """
    candidates = await known.nearest(model, vector, readers_in(circle))
    here = [candidate for candidate in candidates if candidate.circle == circle]
    insight = choose(kind, here, thresholds)
    if insight is None:
        alike = likely(kind, candidates, thresholds)
        return Placement(None, vector, circle, "nobody surely said the same before", alike)
    cosine = max(candidate.cosine for candidate in here if candidate.insight == insight)
    return Placement(insight, vector, circle, f"says the same as an earlier voice ({cosine:.2f})")


def circle_at(where: Place) -> Circle:
    """Who hears what is said in a place, as that was when it was said."""
    return circle_of(where.space, where.channel, where.audience, where.shared)


def vector_of(thought: Thought, judgement: Judgement, embedder: Embedder) -> Vector:
    """The vector that is kept with a voice."""
    if _joins(thought, judgement):
        return np.zeros(embedder.size, np.float32)
    return own_vector(thought, embedder)


def own_vector(thought: Thought, embedder: Embedder) -> Vector:
    """What the message's own words mean: as thought before, or made now, which is the same."""
    return embedder.embed(thought.prepared.heard.text) if thought.vector is None else thought.vector


def _joins(thought: Thought, judgement: Judgement) -> bool:
    return Sign.JOINS in thought.prepared.signs and judgement.reply_to is not None
