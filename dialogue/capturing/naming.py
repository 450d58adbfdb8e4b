"""What an insight is called, and how it is summed up: by its voices' own words, of those that may be shown.

A title is looked for among the voices nearest to the middle of what all say, and changes only for a clearly better one.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dialogue.extracts import is_withheld, statement, tells
from dialogue.fence import visible
from dialogue.router import Context
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.insights import Insight, Voice
from knowledge_base.kinds import Kind
from knowledge_base.likeness import representative
from knowledge_base.titles import best_title, title_of

LOOKED_AT: Final = 256
"""The voices, added last, among which a title is looked for."""

_LEAST: Final = 4
"""Of so few voices each represents all; of more, a quarter does."""


def title_in(text: str, kind: Kind, context: Context) -> str:
    """What one message's words call an insight of a kind. Masked before it is cut: see
    :class:`~knowledge_base.titles.Statement`."""
    return title_of(context.masker.mask(visible(text)), tells(kind))


async def named(context: Context, insight: Insight) -> Insight:
    """The insight called by the best words of its voices, which it has."""
    uow, community = context.uow, context.community
    voices = await uow.insights.voices(community, insight.id)
    vectors = await uow.regroupings.vectors(community, insight.id, context.embedders.of_every_text.name, LOOKED_AT)
    central = representative(vectors, max(_LEAST, len(vectors) // 4))
    chosen = _to_be_called_by(voices, central | {insight.titled_by})
    said = [statement(voice, context.masker) for voice in chosen]
    title = best_title(said, insight.titled_by, tells(insight.kind))
    called = replace(insight, title=title.text, titled_by=title.message)
    if called != insight:
        await uow.insights.replace(called)
    return called


async def call_anew(context: Context, insight_id: InsightId) -> Insight | None:
    """The insight called by the words of a voice it has; None for one without any, which is erased."""
    uow, community = context.uow, context.community
    insight = await uow.insights.get(community, insight_id)
    if insight is None:
        return None
    voices = await uow.insights.voices(community, insight.id)
    if not voices:
        await uow.insights.erase(community, insight.id)
        return None
    if insight.title and insight.titled_by in {voice.message for voice in voices}:
        return insight
    return await named(context, replace(insight, titled_by=MessageId("")))


def _to_be_called_by(voices: Sequence[Voice], wanted: frozenset[MessageId]) -> Sequence[Voice]:
    """Of the wanted voices those whose words may be shown; else what there is, the nearest to that first."""
    shown = [voice for voice in voices if not is_withheld(voice)]
    for some in ([voice for voice in shown if voice.message in wanted], shown):
        if some:
            return some
    return voices
