"""Which insights are nearest in meaning to a text, how far they are, and what comes of that distance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dialogue.cards import title
from dialogue.ports import Embedder, UnitOfWork
from dialogue.posts import Text
from knowledge_base.circles import Readers
from knowledge_base.ids import CommunityId, InsightId, MessageId
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Thresholds, Vector
from knowledge_base.suggestions import may_be_one

SHOWN: Final = 5
"""How many are told."""
_SEARCHED: Final = 40

Embed = Callable[[str], Vector]
"""A text's vector by the model in use."""


class Nearness(StrEnum):
    """What a distance means. ``same``: it is a voice of that insight. ``unmerged``: alike enough, yet apart."""

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
    kind: Kind
    message: MessageId
    own: Insight | None
    readers: Readers
    leave_out: InsightId | None = None


async def nearest_insights(
    uow: UnitOfWork, community: CommunityId, around: Around, embedder: Embedder, embed: Embed, thresholds: Thresholds
) -> tuple[Near, ...]:
    """The insights nearest to a text, nearest first; none for a text that holds no words."""
    if not around.text.strip():
        return ()
    found = await uow.insights.nearest(community, embedder.name, embed(around.text), around.readers, _SEARCHED)
    near = []
    for candidate in _one_each(found, around)[:SHOWN]:
        insight = await uow.insights.get(community, candidate.insight)
        if insight is not None:
            words = title(insight, await uow.insights.voices(community, insight.id))
            nearness = _nearness(candidate, around, thresholds)
            near.append(Near(insight.number, insight.kind, words or "", candidate.cosine, nearness))
    return tuple(near)


def _one_each(candidates: Sequence[Candidate], around: Around) -> Sequence[Candidate]:
    """The nearest voice of each insight."""
    nearest: dict[InsightId, Candidate] = {}
    for candidate in candidates:
        if candidate.message != around.message and candidate.insight != around.leave_out:
            nearest.setdefault(candidate.insight, candidate)
    return tuple(nearest.values())


def _nearness(candidate: Candidate, around: Around, thresholds: Thresholds) -> Nearness:
    if around.own is not None and candidate.insight == around.own.id:
        return Nearness.SAME
    kind = around.own.kind if around.own else around.kind
    if not may_be_one(kind, candidate.kind):
        return Nearness.OTHER_KIND
    if candidate.kind is kind and candidate.cosine >= thresholds.merge:
        return Nearness.UNMERGED
    return Nearness.SUGGESTED if candidate.cosine >= thresholds.suggest else Nearness.APART
