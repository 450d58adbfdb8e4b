"""Which insight a message voices: one and the same decision for live traffic and for a dry run over a history."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dialogue.events import Place
from dialogue.meanings import Embedders
from dialogue.router import Thought
from dialogue.understanding.values import Judgement, Sign
from knowledge_base.circles import Circle, Readers, circle_of, readers_in
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from knowledge_base.merging import Candidate, Meaning, Thresholds, Vector, choose
from knowledge_base.suggestions import likeliest, likely


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
    """A message is a voice: of this insight, or of a new one (None). ``meaning`` is kept with the voice.

    ``circle``: who heard it. ``likely``: the nearest voices of other insights that a new one may be the same as; of one
    that was there before, the nearest alone.
    """

    insight: InsightId | None
    meaning: Meaning
    circle: Circle
    reason: str
    likely: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A statement to be placed: its words, what they mean, of which kind it is, and who heard it."""

    text: str
    meaning: Meaning
    kind: Kind
    circle: Circle


async def place(
    thought: Thought,
    judgement: Judgement,
    circle: Circle,
    embedders: Embedders,
    known: KnownVoices,
    leanings: Leanings = AS_SHIPPED,
) -> Placement | None:
    """Where a judged message belongs; None if it is no voice.

    Who joins in ("same here") voices what they answered. Such a message says nothing by itself, so it is kept with
    vectors that are near to nothing: else all who ever joined in would seem to say the same.
    """
    if not judgement.voices:
        return None
    if joins(thought, judgement) and judgement.reply_to is not None:
        joined = await known.insight_of(judgement.reply_to, circle)
        if joined and joined[1] is judgement.kind:
            return Placement(joined[0], meaning_of(thought, judgement, embedders), circle, "joins what it answers")
        if thought.prepared.best_guess.kind is not judgement.kind:
            return None
    said = Said(thought.prepared.heard.text, own_meaning(thought, embedders), judgement.kind, circle)
    return await nearest_to(said, embedders, known, leanings)


def needs_meaning(thought: Thought, judgement: Judgement) -> bool:
    """Whether :func:`place` will ask what the message means, though nobody had thought it would be a voice."""
    return judgement.voices and thought.meaning is None and not joins(thought, judgement)


async def nearest_to(said: Said, embedders: Embedders, known: KnownVoices, leanings: Leanings) -> Placement:
    """The insight that surely says the same to the same people, or a new one with those that may be the same.

    Each model is asked, the finer one first, by its own thresholds as the community leans.
    """
    alike: list[tuple[Candidate, Thresholds]] = []
    for embedding in said.meaning.embeddings:
        thresholds = leanings.thresholds(embedders.thresholds(embedding.model))
        candidates = await known.nearest(embedding.model, embedding.vector, readers_in(said.circle))
        here = [candidate for candidate in candidates if candidate.circle == said.circle]
        same = choose(said.kind, said.text, here, thresholds)
        if same is not None:
            reason = f"says the same as an earlier voice ({same.cosine:.2f})"
            others = [one for one in candidates if one.insight != same.insight]
            alike += [(one, thresholds) for one in likely(said.kind, said.text, others, thresholds)]
            nearest = [one for one in likeliest(alike) if one.insight != same.insight][:1]
            return Placement(same.insight, said.meaning, said.circle, reason, tuple(nearest))
        alike += [(one, thresholds) for one in likely(said.kind, said.text, candidates, thresholds)]
    return Placement(None, said.meaning, said.circle, "nobody surely said the same before", likeliest(alike))


async def kept_apart(
    said: Said, own: InsightId, embedders: Embedders, known: KnownVoices, leanings: Leanings
) -> Candidate | None:
    """The nearest voice of another insight that is near enough to be merged with, and was not: its words contrast."""
    for embedding in said.meaning.embeddings:
        merge = leanings.thresholds(embedders.thresholds(embedding.model)).merge
        for one in await known.nearest(embedding.model, embedding.vector, readers_in(said.circle)):
            if one.insight != own and one.circle == said.circle and one.kind is said.kind and one.cosine >= merge:
                return one
    return None


def circle_at(where: Place) -> Circle:
    """Who hears what is said in a place, as that was when it was said."""
    return circle_of(where.space, where.channel, where.audience, where.shared)


def meaning_of(thought: Thought, judgement: Judgement, embedders: Embedders) -> Meaning:
    """The meaning that is kept with a voice."""
    if joins(thought, judgement):
        return embedders.nothing(thought.prepared.language)
    return own_meaning(thought, embedders)


def own_meaning(thought: Thought, embedders: Embedders) -> Meaning:
    """What the message's own words mean: as thought before, or made now, which is the same."""
    prepared = thought.prepared
    return embedders.meaning(prepared.heard.text, prepared.language) if thought.meaning is None else thought.meaning


def joins(thought: Thought, judgement: Judgement) -> bool:
    """Whether a message joins in with what it answers ("same here"), rather than says something by itself."""
    return Sign.JOINS in thought.prepared.signs and judgement.reply_to is not None
