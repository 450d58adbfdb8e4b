"""Voices come and go: an insight begins, grows, changes its title, and ends with its last voice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from dialogue.capturing.naming import call_anew, named, title_in
from dialogue.capturing.placing import NOTHING, KnownVoices, Placement, Said, nearest_to, own_meaning
from dialogue.capturing.troubles import troubles_lately
from dialogue.learning import leanings
from dialogue.recognising.settling import settle_insights, settle_voice
from dialogue.router import Context, Thought
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import Circle, Readers, circle_of
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Meaning, Vector
from knowledge_base.messages import Message
from knowledge_base.suggestions import MOST, Suggestion
from knowledge_base.vagueness import Saying, saying


class StoredVoices(KnownVoices):
    """The community's voices in storage."""

    def __init__(self, context: Context) -> None:
        self._uow = context.uow
        self._community = context.community

    async def nearest(
        self, model: str, vector: Vector, readers: Readers, *, alone: bool, least: float
    ) -> Sequence[Candidate]:
        """See :class:`KnownVoices`."""
        return await self._uow.insights.nearest(self._community, model, vector, readers, alone=alone, least=least)

    async def core(self, insight: InsightId, model: str) -> Sequence[Vector]:
        """See :class:`KnownVoices`."""
        return await self._uow.insights.core(self._community, insight, model)

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
    return (await withdraw_voices(context, [message])).get(message)


async def withdraw_voices(context: Context, messages: Collection[MessageId]) -> Mapping[MessageId, InsightId]:
    """Make messages no voices any more, as :func:`withdraw_voice`; what each of those that were any voiced."""
    insights = context.uow.insights
    voiced = await insights.voices_among(context.community, messages)
    if not voiced:
        await _take_off(context, messages, None)
        return voiced
    await insights.remove_voices(context.community, voiced)
    left = list(dict.fromkeys(voiced.values()))
    for insight in left:
        await call_anew(context, insight)
    await settle_insights(context, left)
    await _take_off(context, messages, None)
    return voiced


async def reword_voice(context: Context, message: Message, meaning: Meaning, kind: Kind) -> InsightId | None:
    """A voice said it differently: its meaning, and what its words gave the insight, follow.

    ``kind`` becomes the insight's where this is its only voice.
    """
    insights = context.uow.insights
    insight = await insights.of_message(context.community, message.id)
    circle = await context.uow.regroupings.circle(context.community, message.id)
    if insight is None or circle is None:
        return None
    await insights.remove_voices(context.community, [message.id])
    await _add(context, insight.id, message, meaning, circle)
    title = title_in(message.text, kind, context) if insight.titled_by == message.id else insight.title
    await insights.replace(replace(insight, title=title, kind=kind))
    await _take_off(context, [message.id], insight.id)
    return insight.id


async def placed(context: Context, message: Message, thought: Thought) -> Placement:
    """Where a stored message belongs as a voice, whatever it was judged to be, by its words and its kind."""
    circle = await circle_of_message(context, message)
    if message.kind is not Kind.PRAISE and saying(message.text) is not Saying.SOMETHING:
        return Placement(None, context.embedders.nothing(thought.prepared.language), circle, NOTHING)
    meaning = own_meaning(thought, context.embedders)
    said = Said(message.text, message.language, meaning, message.kind, circle)
    return await nearest_to(said, context.embedders, StoredVoices(context), await leanings(context))


async def circle_of_message(context: Context, message: Message) -> Circle:
    """Who hears what is said where a stored message was said; of a channel that nobody knows, those in it alone."""
    channel = await context.uow.channels.get(message.space, message.channel)
    audience = channel.audience if channel else Audience.PRIVATE
    return circle_of(message.space, message.channel, audience, channel.shared if channel else Shared.UNKNOWN)


async def _begin(context: Context, message: Message, placement: Placement) -> Insight:
    begun = await context.uow.insights.add(_begun_by(message, context))
    likely = {one.insight: one.cosine for one in placement.likely}
    lately = await troubles_lately(context, message) if placement.reason == NOTHING else {}
    for other, cosine in {**likely, **lately}.items():
        await context.uow.suggestions.add(Suggestion(context.community, begun.id, other, cosine, context.now))
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


async def _take_off(context: Context, messages: Collection[MessageId], voiced: InsightId | None) -> None:
    """Take messages' old words off whatever is called by them without their voice: what was merged into another.

    ``voiced``: what they still voice.
    """
    for called in await context.uow.regroupings.called_by(context.community, messages):
        if called.title and called.id != voiced:
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
