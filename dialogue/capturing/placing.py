"""Which insight a message voices: one and the same decision for live traffic and for a dry run over a history."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dialogue.meanings import Embedders
from dialogue.router import Thought
from dialogue.understanding.values import Judgement, Sign
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Meaning, Vector, choose


class KnownVoices(Protocol):
    """The voices known so far, those placed just now included."""

    @abstractmethod
    async def nearest(self, model: str, vector: Vector) -> Sequence[Candidate]:
        """The voices nearest in meaning, nearest first, at most 20; only vectors of the same model."""

    @abstractmethod
    async def insight_of(self, message: MessageId) -> tuple[InsightId, Kind] | None:
        """The insight a message is a voice of, with that insight's kind, or None."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A message is a voice: of this insight, or of a new one (None). ``meaning`` is kept with the voice."""

    insight: InsightId | None
    meaning: Meaning
    reason: str


async def place(thought: Thought, judgement: Judgement, embedders: Embedders, known: KnownVoices) -> Placement | None:
    """Where a judged message belongs; None if it is no voice.

    Who joins in ("same here") voices what they answered. Such a message says nothing by itself, so it is kept with
    vectors that are near to nothing: else all who ever joined in would seem to say the same.
    """
    if not judgement.voices:
        return None
    if _joins(thought, judgement) and judgement.reply_to is not None:
        joined = await known.insight_of(judgement.reply_to)
        if joined and joined[1] is judgement.kind:
            return Placement(joined[0], meaning_of(thought, judgement, embedders), "joins what it answers")
        if thought.prepared.guess.kind is not judgement.kind:
            return None
    text = thought.prepared.heard.text
    return await nearest_to(text, own_meaning(thought, embedders), judgement.kind, embedders, known)


async def nearest_to(text: str, meaning: Meaning, kind: Kind, embedders: Embedders, known: KnownVoices) -> Placement:
    """The insight that surely says the same to one of the models, the finer one first, or a new one."""
    for embedding in meaning.embeddings:
        candidates = await known.nearest(embedding.model, embedding.vector)
        same = choose(kind, text, candidates, embedders.thresholds(embedding.model))
        if same is not None:
            return Placement(same.insight, meaning, f"says the same as an earlier voice ({same.cosine:.2f})")
    return Placement(None, meaning, "nobody surely said the same before")


def meaning_of(thought: Thought, judgement: Judgement, embedders: Embedders) -> Meaning:
    """The meaning that is kept with a voice."""
    if _joins(thought, judgement):
        return embedders.nothing(thought.prepared.language)
    return own_meaning(thought, embedders)


def own_meaning(thought: Thought, embedders: Embedders) -> Meaning:
    """What the message's own words mean: as thought before, or made now, which is the same."""
    prepared = thought.prepared
    return embedders.meaning(prepared.heard.text, prepared.language) if thought.meaning is None else thought.meaning


def _joins(thought: Thought, judgement: Judgement) -> bool:
    return Sign.JOINS in thought.prepared.signs and judgement.reply_to is not None
