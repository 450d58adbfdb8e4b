"""Voices come and go: an insight begins, grows, changes its title, and ends with its last voice."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.capturing.placing import KnownVoices, Placement
from dialogue.fence import visible
from dialogue.router import Context
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Meaning, Vector
from knowledge_base.messages import Message
from knowledge_base.titles import title_of


class StoredVoices(KnownVoices):
    """The community's voices in storage."""

    def __init__(self, context: Context) -> None:
        self._insights = context.uow.insights
        self._community = context.community

    async def nearest(self, model: str, vector: Vector) -> Sequence[Candidate]:
        """See :class:`KnownVoices`."""
        return await self._insights.nearest(self._community, model, vector)

    async def insight_of(self, message: MessageId) -> tuple[InsightId, Kind] | None:
        """See :class:`KnownVoices`."""
        insight = await self._insights.of_message(self._community, message)
        return (insight.id, insight.kind) if insight else None


async def add_voice(context: Context, message: Message, placement: Placement) -> Insight:
    """Make a stored message a voice of the insight it was placed in, or of a new one; returns it as it then is.

    The community is locked.
    """
    insights = context.uow.insights
    insight = placement.insight or (await insights.add(_begun_by(message, context))).id
    return await insights.add_voice(context.community, insight, message.id, placement.meaning)


async def label(context: Context, insight: Insight, tag: str) -> Insight:
    """The insight with a tag more; an empty one is none. The community is locked."""
    if not tag or tag in insight.tags:
        return insight
    labelled = replace(insight, tags=tuple(sorted((*insight.tags, tag))))
    await context.uow.insights.replace(labelled)
    return labelled


async def withdraw_voice(context: Context, message: MessageId) -> InsightId | None:
    """Make a message no voice any more; returns the insight it voiced, or None. The community is locked.

    An insight that was called by its words is called by its oldest other voice; without one it is erased.
    """
    insights = context.uow.insights
    insight = await insights.of_message(context.community, message)
    if insight is None:
        return None
    await insights.remove_voice(context.community, message)
    if insight.titled_by == message or insight.demand <= 1:
        await _call_anew(context, insight)
    return insight.id


async def reword_voice(context: Context, message: Message, meaning: Meaning, kind: Kind) -> InsightId | None:
    """A voice said it differently: its meaning, and what its words gave the insight, follow.

    ``kind`` becomes the insight's where this is its only voice.
    """
    insights = context.uow.insights
    insight = await insights.of_message(context.community, message.id)
    if insight is None:
        return None
    await insights.remove_voice(context.community, message.id)
    await insights.add_voice(context.community, insight.id, message.id, meaning)
    title = _title(message.text, context) if insight.titled_by == message.id else insight.title
    await insights.replace(replace(insight, title=title, kind=kind))
    return insight.id


async def _call_anew(context: Context, insight: Insight) -> None:
    voices = await context.uow.insights.voices(context.community, insight.id)
    if not voices:
        await context.uow.insights.erase(context.community, insight.id)
    elif insight.titled_by not in {voice.message for voice in voices}:
        first = voices[0]
        await context.uow.insights.replace(replace(insight, title=_title(first.text, context), titled_by=first.message))


def _begun_by(message: Message, context: Context) -> Insight:
    return Insight(
        id=InsightId(context.ids.fresh()),
        community=context.community,
        number=0,
        kind=message.kind,
        title=_title(message.text, context),
        titled_by=message.id,
        status=Status.NEW,
        demand=1,
        first_at=message.at,
        last_at=message.at,
    )


def _title(text: str, context: Context) -> str:
    """Masked before it is cut: a piece of a secret would not be known for one."""
    return title_of(context.masker.mask(visible(text)))
