"""Which insight a message voices: one and the same decision for live traffic and for a dry run over a history."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from dialogue.events import Place
from dialogue.meanings import Embedders
from dialogue.router import Thought
from dialogue.understanding.values import Judgement, Sign
from knowledge_base.circles import Circle, Readers, circle_of, readers_in
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from knowledge_base.merging import Candidate, Embedding, Meaning, Thresholds, Vector, belongs, choices, merged_from
from knowledge_base.suggestions import Found, likeliest, likely
from knowledge_base.vagueness import Saying, saying

_JOINS: Final = "joins what it answers"
CERTAIN: Final = 1.0
"""How sure it is what a message answers where the platform says so; no guess is."""
NOTHING: Final = "says nothing in particular"
"""Why something is placed by itself of which nobody can tell what else it is the same as."""


_Search = tuple[Sequence[Candidate], Thresholds]
"""What was found by one model, and its thresholds."""


class KnownVoices(Protocol):
    """The voices known so far, those placed just now included."""

    @abstractmethod
    async def nearest(
        self, model: str, vector: Vector, readers: Readers, *, alone: bool, least: float
    ) -> Sequence[Candidate]:
        """Of the voices said to such readers the 20 nearest in meaning, nearest first, as far as they are near at all.

        Only vectors of the same model are compared; ``alone``: only voices that no other model knows; ``least``: the
        cosine from which on they are near. Words can be read until their voice is withdrawn.
        """

    @abstractmethod
    async def core(self, insight: InsightId, model: str) -> Sequence[Vector]:
        """The vectors by a model of an insight's first voices, in the order they were added, at most
        :data:`~knowledge_base.merging.CORE`; those of length 0 are left out."""

    @abstractmethod
    async def insight_of(self, message: MessageId, circle: Circle) -> tuple[InsightId, Kind] | None:
        """The insight a message is a voice of, with that insight's kind; None if others heard it, or it is no voice."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A message is a voice: of this insight, or of a new one (None). ``meaning`` is kept with the voice.

    ``circle``: who heard it. ``suggests`` gives what is :attr:`likely` when asked: a dry run never does.
    """

    insight: InsightId | None
    meaning: Meaning
    circle: Circle
    reason: str
    suggests: Callable[[], tuple[Candidate, ...]] = field(default=tuple, compare=False, repr=False)

    @property
    def likely(self) -> tuple[Candidate, ...]:
        """The nearest voices of other insights that a new one may be the same as; of one that was there before, the
        nearest alone."""
        return self.suggests()


@dataclass(frozen=True, slots=True)
class Said:
    """A statement to be placed: its words, their language, what they mean, of which kind it is, and who heard it."""

    text: str
    language: str
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

    Who joins in ("same here") voices what they answered, and so does who surely answers and says nothing in particular
    ("it doesn't work"). Such a message is kept with vectors that are near to nothing: else all who ever said so would
    seem to say the same.
    """
    if not judgement.voices:
        return None
    if not speaks_for_itself(thought, judgement):
        answered = await _answered(judgement, circle, known)
        if joins(thought, judgement):
            if answered is not None:
                return Placement(answered, meaning_of(thought, judgement, embedders), circle, _JOINS)
            if thought.prepared.guess.kind is not judgement.kind:
                return None
        says = said_by(thought, judgement)
        if says is not Saying.SOMETHING:
            return _of_nothing(says, judgement, answered, circle, embedders)
    text, meaning = thought.prepared.heard.text, own_meaning(thought, embedders)
    said = Said(text, judgement.language, meaning, judgement.kind, circle)
    return await nearest_to(said, embedders, known, leanings)


def needs_meaning(thought: Thought, judgement: Judgement) -> bool:
    """Whether :func:`place` may ask what the message means, and nobody has thought of that yet."""
    if not judgement.voices or thought.meaning is not None or said_by(thought, judgement) is not Saying.SOMETHING:
        return False
    # who joins in where nothing is to be joined says it by themselves
    return not joins(thought, judgement) or thought.prepared.guess.kind is judgement.kind


async def nearest_to(said: Said, embedders: Embedders, known: KnownVoices, leanings: Leanings) -> Placement:
    """The insight that surely says the same to the same people, or a new one with those that may be the same.

    Each model is asked, the finer one first, by its own thresholds as the community leans. What both know the finer one
    decides: of what that finds apart, the other one brings together more wrongly than rightly.
    """
    searches = list[_Search]()
    for embedding, alone in said.meaning.searches():
        thresholds = leanings.thresholds(embedders.thresholds(embedding.model))
        candidates = await known.nearest(
            embedding.model, embedding.vector, readers_in(said.circle), alone=alone, least=thresholds.least
        )
        searches.append((candidates, thresholds))
        here = [candidate for candidate in candidates if candidate.circle == said.circle]
        same = await _surely_same(said, embedding, here, thresholds, known)
        if same is not None:
            reason = f"says the same as an earlier voice ({same.cosine:.2f})"
            return Placement(
                same.insight, said.meaning, said.circle, reason, partial(_likely, said, searches, same.insight)
            )
    reason = "nobody surely said the same before"
    return Placement(None, said.meaning, said.circle, reason, partial(_likely, said, searches, None))


def _likely(said: Said, searches: Sequence[_Search], joined: InsightId | None) -> tuple[Candidate, ...]:
    """Of what each model found, what is :attr:`Placement.likely` of a statement that joined an insight, or none."""
    alike = list[Found]()
    for candidates, thresholds in searches:
        others = [one for one in candidates if one.insight != joined]
        alike += [(one, thresholds) for one in likely(said.kind, said.text, others, thresholds)]
    nearest = likeliest(said.text, said.language, alike)
    return nearest if joined is None else nearest[:1]


async def _answered(judgement: Judgement, circle: Circle, known: KnownVoices) -> InsightId | None:
    """The insight that is voiced by what a message answers, if both are of one kind."""
    found = None if judgement.reply_to is None else await known.insight_of(judgement.reply_to, circle)
    return found[0] if found and found[1] is judgement.kind else None


def _of_nothing(
    says: Saying, judgement: Judgement, answered: InsightId | None, circle: Circle, embedders: Embedders
) -> Placement | None:
    """Where a message that says nothing in particular belongs; ``answered``: the insight of its kind that it answers.

    What surely answers, as the platform recorded, joins that. That something is wrong begins an insight, unless it
    goes on in a talk about something else; what only calls for somebody ("can anybody help?") voices nothing.
    """
    nothing = embedders.nothing(judgement.language)
    if answered is not None and judgement.link >= CERTAIN:
        return Placement(answered, nothing, circle, _JOINS)
    begins = says is Saying.TROUBLE and (judgement.reply_to is None or answered is not None)
    return Placement(None, nothing, circle, NOTHING) if begins else None


async def _surely_same(
    said: Said, embedding: Embedding, here: Sequence[Candidate], thresholds: Thresholds, known: KnownVoices
) -> Candidate | None:
    for insight, nearest in choices(said.kind, said.text, said.language, here, thresholds).items():
        enough = merged_from(said.text, said.language, nearest.text, nearest.language, thresholds)
        if belongs(embedding.vector, await known.core(insight, embedding.model), enough):
            return nearest
    return None


async def kept_apart(
    said: Said, own: InsightId, embedders: Embedders, known: KnownVoices, leanings: Leanings
) -> Candidate | None:
    """The nearest voice of another insight that is near enough to be merged with, and was not: its words contrast, or
    the first voices are not near enough."""
    for embedding, alone in said.meaning.searches():
        thresholds = leanings.thresholds(embedders.thresholds(embedding.model))
        for one in await known.nearest(
            embedding.model, embedding.vector, readers_in(said.circle), alone=alone, least=thresholds.least
        ):
            is_other = one.insight != own and one.circle == said.circle and one.kind is said.kind
            if is_other and one.cosine >= merged_from(said.text, said.language, one.text, one.language, thresholds):
                return one
    return None


def circle_at(where: Place) -> Circle:
    """Who hears what is said in a place, as that was when it was said."""
    return circle_of(where.space, where.channel, where.audience, where.shared)


def meaning_of(thought: Thought, judgement: Judgement, embedders: Embedders) -> Meaning:
    """The meaning that is kept with a voice."""
    if not speaks_for_itself(thought, judgement):
        return embedders.nothing(thought.prepared.language)
    return own_meaning(thought, embedders)


def own_meaning(thought: Thought, embedders: Embedders) -> Meaning:
    """What the message's own words mean: as thought before, or made now, which is the same."""
    prepared = thought.prepared
    return embedders.meaning(prepared.heard.text, prepared.language) if thought.meaning is None else thought.meaning


def speaks_for_itself(thought: Thought, judgement: Judgement) -> bool:
    """Whether a message's own words tell what it voices, wherever it stands: else that hangs on what it answers."""
    return not joins(thought, judgement) and said_by(thought, judgement) is Saying.SOMETHING


def said_by(thought: Thought, judgement: Judgement) -> Saying:
    """How much a message says by itself. Praise is praise, however little it says."""
    if judgement.kind is Kind.PRAISE:
        return Saying.SOMETHING
    return saying(thought.prepared.heard.text)


def joins(thought: Thought, judgement: Judgement) -> bool:
    """Whether a message joins in with what it answers ("same here"), rather than says something by itself."""
    return Sign.JOINS in thought.prepared.signs and judgement.reply_to is not None
