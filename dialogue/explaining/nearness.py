"""Which insights are nearest in meaning to a text, how far they are, and what comes of that distance."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dialogue.cards import title
from dialogue.meanings import Embedders
from dialogue.ports import UnitOfWork
from dialogue.posts import Text
from knowledge_base.circles import Readers
from knowledge_base.contrasts import contrast, traits
from knowledge_base.ids import CommunityId, InsightId, MessageId
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind
from knowledge_base.leanings import Leanings
from knowledge_base.merging import Candidate, Thresholds, merged_from
from knowledge_base.suggestions import Found, may_be_one, one_each
from knowledge_base.vagueness import Saying, saying

SHOWN: Final = 5
"""How many are told."""
_SEARCHED: Final = 40


class Nearness(StrEnum):
    """What a distance means, and words that contrast: they keep ``apart`` what is near.

    ``same``: it is a voice of that insight. ``unmerged``: alike enough, yet apart.
    """

    SAME = "same"
    UNMERGED = "unmerged"
    SUGGESTED = "suggested"
    APART = "apart"
    OTHER_KIND = "other_kind"


@dataclass(frozen=True, slots=True)
class Near:
    """An insight near a text: ``cosine`` is that of its nearest voice."""

    number: int
    kind: Kind
    title: Text
    cosine: float
    nearness: Nearness

    @property
    def distance(self) -> float:
        """One minus the cosine."""
        return 1 - self.cosine


@dataclass(frozen=True, slots=True)
class Around:
    """What is searched around: a text of a kind, said in ``message``, which voices the insight ``own``.

    The message is not its own neighbour, and ``leave_out`` is none. Only what was said to the same kind of ``readers``
    is searched.
    """

    text: str
    language: str
    kind: Kind
    message: MessageId
    own: Insight | None
    readers: Readers
    leave_out: InsightId | None = None


async def nearest_insights(
    uow: UnitOfWork, community: CommunityId, around: Around, embedders: Embedders, leanings: Leanings
) -> tuple[Near, ...]:
    """The insights nearest to a text by any of the models, nearest first.

    None for a text that holds no words, or none that say anything in particular: it is compared with nothing.
    """
    if around.kind is not Kind.PRAISE and saying(around.text) is not Saying.SOMETHING:
        return ()
    found = list[Found]()
    for embedding, alone in embedders.meaning(around.text, around.language).searches():
        if embedding.vector.any():
            by = leanings.thresholds(embedders.thresholds(embedding.model))
            near = await uow.insights.nearest(
                community, embedding.model, embedding.vector, around.readers, _SEARCHED, alone=alone
            )
            found += [(candidate, by) for candidate in near if _is_another(candidate, around)]
    return tuple(
        [await _near(uow, community, around, *each) for each in one_each(around.text, around.language, found)[:SHOWN]]
    )


def _is_another(candidate: Candidate, around: Around) -> bool:
    return candidate.message != around.message and candidate.insight != around.leave_out


async def _near(
    uow: UnitOfWork, community: CommunityId, around: Around, candidate: Candidate, thresholds: Thresholds
) -> Near:
    insight = await uow.insights.get(community, candidate.insight)
    if insight is None:
        raise LookupError(f"insight {candidate.insight} has voices and is not stored")
    words = title(insight, await uow.insights.voices(community, insight.id))
    nearness = _nearness(candidate, around, thresholds)
    return Near(insight.number, insight.kind, words or "", candidate.cosine, nearness)


def _nearness(candidate: Candidate, around: Around, thresholds: Thresholds) -> Nearness:
    if around.own is not None and candidate.insight == around.own.id:
        return Nearness.SAME
    kind = around.own.kind if around.own else around.kind
    if not may_be_one(kind, candidate.kind):
        return Nearness.OTHER_KIND
    if candidate.cosine < thresholds.suggest or contrast(traits(around.text), traits(candidate.text)) is not None:
        return Nearness.APART
    enough = merged_from(around.text, around.language, candidate.text, candidate.language, thresholds)
    return Nearness.UNMERGED if candidate.kind is kind and candidate.cosine >= enough else Nearness.SUGGESTED
