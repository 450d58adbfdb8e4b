"""Voices come and go: an insight begins, grows, changes its title, and ends with its last voice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogue.capturing.naming import call_anew, named, title_in
from dialogue.capturing.placing import KnownVoices, Placement, Said, nearest_to, own_meaning
from dialogue.learning import leanings
from dialogue.recognising.settling import may_have_brought, settle_insights, settle_voice
from dialogue.router import Context, Thought
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import Circle, Readers, circle_of
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Meaning, Vector
from knowledge_base.messages import Message
from knowledge_base.suggestions import MOST, Suggestion


class StoredVoices(KnownVoices):
    """The community's voices in storage."""

    def __init__(self, context: Context) -> None:
        self._uow = context.uow
        self._community = context.community

    async def nearest(self, model: str, vector: Vector, readers: Readers) -> Sequence[Candidate]:
        """See :class:`KnownVoices`."""
        return await self._uow.insights.nearest(self._community, model, vector, readers)

    async def insight_of(self, message: MessageId, circle: Circle) -> tuple[InsightId, Kind] | None:
        """See :class:`KnownVoices`."""
        insight = await self._uow.insights.of_message(self._community, message)
        if insight is None or await self._uow.regroupings.circle(self._community, message) != circle:
            return None
        return insight.id, insight.kind


@dataclass(frozen=True, slots=True)
class Voiced:
    """An insight with a voice more, and whether what others say of it is another now: its title, or that they may be
    the same."""

    insight: Insight
    renamed: bool


async def add_voice(context: Context, message: Message, placement: Placement) -> Voiced:
    """Make a stored message a voice of the insight it was placed in, or of a new one; that as it then is.

    The community is locked.
    """
    if placement.insight is None:
        return Voiced(await _begin(context, message, placement), renamed=False)
    before = await context.uow.insights.get(context.community, placement.insight)
    insight = await _add(context, placement.insight, message, placement.meaning, placement.circle)
    await settle_voice(context, insight, message)
    suggested = [await suggest(context, insight, alike.insight, alike.cosine) for alike in placement.likely]
    if before is None or not _is_worth_a_look(before.demand, insight.demand):
        return Voiced(insight, renamed=any(suggested))
    called = await named(context, insight)
    return Voiced(called, renamed=called.title != insight.title or any(suggested))


async def label(context: Context, insight: Insight, tag: str) -> Insight:
    """The insight with a tag more; an empty one is none. The community is locked."""
    if not tag or tag in insight.tags:
        return insight
    labelled = replace(insight, tags=tuple(sorted((*insight.tags, tag))))
    await context.uow.insights.replace(labelled)
    return labelled


async def withdraw_voice(context: Context, message: MessageId) -> InsightId | None:
    """Make a message no voice any more; returns the insight it voiced, or None. The community is locked.

    What was called by its words is called by another voice's; an insight without one is erased.
    """
    insights = context.uow.insights
    insight = await insights.of_message(context.community, message)
    if insight is not None:
        await insights.remove_voice(context.community, message)
        if insight.titled_by == message or insight.demand <= 1:
            await call_anew(context, insight.id)
        if may_have_brought(insight):
            await settle_insights(context, [insight.id])
    await _take_off(context, message)
    return insight.id if insight else None


async def reword_voice(context: Context, message: Message, meaning: Meaning, kind: Kind) -> InsightId | None:
    """A voice said it differently: its meaning, and what its words gave the insight, follow.

    ``kind`` becomes the insight's where this is its only voice.
    """
    insights = context.uow.insights
    insight = await insights.of_message(context.community, message.id)
    circle = await context.uow.regroupings.circle(context.community, message.id)
    if insight is None or circle is None:
        return None
    await insights.remove_voice(context.community, message.id)
    await _add(context, insight.id, message, meaning, circle)
    title = title_in(message.text, kind, context) if insight.titled_by == message.id else insight.title
    await insights.replace(replace(insight, title=title, kind=kind))
    await _take_off(context, message.id)
    return insight.id


async def placed(context: Context, message: Message, thought: Thought) -> Placement:
    """Where a stored message belongs as a voice, whatever it was judged to be, by its words and its kind."""
    said = Said(
        message.text,
        own_meaning(thought, context.embedders),
        message.kind,
        await circle_of_message(context, message),
    )
    return await nearest_to(said, context.embedders, StoredVoices(context), await leanings(context))


async def circle_of_message(context: Context, message: Message) -> Circle:
    """Who hears what is said where a stored message was said; of a channel that nobody knows, those in it alone."""
    channel = await context.uow.channels.get(message.space, message.channel)
    audience = channel.audience if channel else Audience.PRIVATE
    return circle_of(message.space, message.channel, audience, channel.shared if channel else Shared.UNKNOWN)


async def _begin(context: Context, message: Message, placement: Placement) -> Insight:
    begun = await context.uow.insights.add(_begun_by(message, context))
    for alike in placement.likely:
        suggestion = Suggestion(context.community, begun.id, alike.insight, alike.cosine, context.now)
        await context.uow.suggestions.add(suggestion)
    return await _add(context, begun.id, message, placement.meaning, placement.circle)


async def suggest(context: Context, insight: Insight, may_be: InsightId, cosine: float) -> bool:
    """Suggest that two insights that are there already may be the same; whether that is news. The community is locked.

    It stands with the newer of the two, as ever, which remembers a few; what was refused does not come back.
    """
    other = await context.uow.insights.get(context.community, may_be)
    if other is None or not (insight.status.is_open and other.status.is_open):
        return False
    older, newer = sorted((insight, other), key=lambda one: one.number)
    known = await context.uow.suggestions.of(context.community, newer.id)
    if len(known) >= MOST or any(one.other == older.id for one in known):
        return False
    suggestion = Suggestion(context.community, newer.id, older.id, cosine, context.now)
    await context.uow.suggestions.add(suggestion)
    return True


async def _add(context: Context, insight: InsightId, message: Message, meaning: Meaning, circle: Circle) -> Insight:
    return await context.uow.insights.add_voice(context.community, insight, message.id, meaning, circle)


def _is_worth_a_look(before: int, after: int) -> bool:
    """Whether its title is looked at again: each time twice as many people have said it, so that it stays for long."""
    return after > before and after.bit_count() == 1


async def _take_off(context: Context, message: MessageId) -> None:
    """Take a message's old words off whatever is called by them without its voice: what was merged into another."""
    insight = await context.uow.insights.of_message(context.community, message)
    for called in await context.uow.regroupings.called_by(context.community, message):
        if called.title and (insight is None or called.id != insight.id):
            await context.uow.insights.replace(replace(called, title=""))


def _begun_by(message: Message, context: Context) -> Insight:
    return Insight(
        id=InsightId(context.ids.fresh()),
        community=context.community,
        number=0,
        kind=message.kind,
        title=title_in(message.text, message.kind, context),
        titled_by=message.id,
        status=Status.NEW,
        demand=1,
        first_at=message.at,
        last_at=message.at,
    )
