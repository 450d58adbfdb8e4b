"""Staff say by hand that a message is worth keeping: by a tag's reaction, by command, or from the message's menu."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.actions import Outgoing
from dialogue.capturing.editing import judge_in_place
from dialogue.capturing.memory import as_it_stands, lane_of_message, thought_again
from dialogue.capturing.thinking import Understanding, here
from dialogue.capturing.voicing import add_voice, label, placed, withdraw_voice
from dialogue.consequences import Heard, after_voice
from dialogue.correcting import note_tagging, take_back
from dialogue.events import ReactionAdded, ReactionRemoved
from dialogue.handling import only
from dialogue.marking import marks, may_mark
from dialogue.people import member_behind
from dialogue.permitting import may_tag
from dialogue.router import Context, Router, Thought
from dialogue.routing import route
from knowledge_base.corrections import CorrectionSort
from knowledge_base.ids import InsightId, MemberId
from knowledge_base.insights import Insight
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.messages import Message
from knowledge_base.taggings import Given, Tagging, kind_given, taggings
from knowledge_base.teams import Tag


class Tagger:
    """Tags and untags stored messages. Every method locks the community; what was deleted before that stays so."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding

    async def tag(self, context: Context, message: Message, tagging: Tagging) -> Sequence[Outgoing]:
        """Make a message a voice, whatever it was judged to be, and label its insight. Doing it twice is harmless."""
        stored = await as_it_stands(context, message)
        return await self._tag(context, stored, tagging) if stored else ()

    async def _tag(self, context: Context, message: Message, tagging: Tagging) -> Sequence[Outgoing]:
        insight = await context.uow.insights.of_message(context.community, message.id)
        thought = await thought_again(context, message, self._understanding)
        kind = insight.kind if insight else _kind(message, thought, tagging.tag)
        lines = message.reasons if tagging in taggings(message.reasons) else (tagging.as_reason(), *message.reasons)
        kept = replace(message, kind=kind, confidence=1.0, reasons=lines)
        await context.uow.messages.replace(kept)
        context.states.forget(lane_of_message(message))
        if insight is None:
            await note_tagging(context, message, kind, tagging.by)
        voiced = insight or (await add_voice(context, kept, await placed(context, kept, thought))).insight
        routed = await after_voice(context, Heard(await label(context, voiced, tagging.tag), kept))
        speaks = await may_mark(context, message, tagging.given)
        return [*routed.outgoing, *(marks(message, voiced.status, present=True) if speaks else [])]

    async def untag(self, context: Context, message: Message, undone: Sequence[Tagging]) -> Sequence[Outgoing]:
        """Undo taggings of a message. A label stays while another gesture gives it; a voice, while its words do."""
        stored = await as_it_stands(context, message)
        return await self._untag(context, stored, undone) if stored else ()

    async def _untag(self, context: Context, message: Message, undone: Sequence[Tagging]) -> Sequence[Outgoing]:
        left = tuple(reason for reason in message.reasons if reason not in {t.as_reason() for t in undone})
        changed = replace(message, reasons=left)
        insight = await context.uow.insights.of_message(context.community, message.id)
        if not taggings(left):
            await take_back(context, CorrectionSort.TAGGING, message.id)
            changed = await self._judged_by_its_words(context, changed, insight)
        await context.uow.messages.replace(changed)
        context.states.forget(lane_of_message(message))
        if insight is None:
            return ()
        for tag in sorted({tagging.tag for tagging in undone}):
            await _unlabel(context, insight.id, tag)
        left_of_it = await context.uow.insights.get(context.community, insight.id)
        routed = await route(context, left_of_it or insight)
        return [*routed.outgoing, *([] if taggings(left) else marks(message, insight.status, present=False))]

    async def _judged_by_its_words(self, context: Context, message: Message, insight: Insight | None) -> Message:
        """The message without any tagging: what its text says, and a voice only if that says so."""
        thought = await thought_again(context, message, self._understanding)
        judgement = await judge_in_place(context, message, thought, self._understanding)
        given = kind_given(message.reasons)
        stays = insight is not None and (given.kind in INSIGHT_KINDS if given else judgement.voices)
        if not stays:
            await withdraw_voice(context, message.id)
        if given is not None:
            return replace(message, kind=given.kind, confidence=1.0)
        kind = insight.kind if stays and insight else judgement.kind
        return replace(message, kind=kind, confidence=judgement.confidence)


def router(tagger: Tagger) -> Router:
    """The handlers of reactions."""

    async def added(event: ReactionAdded, context: Context) -> Sequence[Outgoing]:
        tag, message = await _meant(event, context)
        if tag is None or message is None or not await may_tag(event.actor.role, context):
            return ()
        member = await member_behind(event.actor, event.place.space, context)
        return await tagger.tag(context, message, Tagging(tag.name, Given.REACTION, member.id))

    async def removed(event: ReactionRemoved, context: Context) -> Sequence[Outgoing]:
        tag, message = await _meant(event, context)
        if tag is None or message is None:
            return ()
        member = await member_behind(event.actor, event.place.space, context)
        undone = [
            tagging
            for tagging in taggings(message.reasons)
            if (tagging.tag, tagging.given) == (tag.name, Given.REACTION)
            and (tagging.by == member.id or await _became_another(context, tagging.by))
        ]
        return await tagger.untag(context, message, undone) if undone else ()

    tagging = Router("tagging")
    tagging.on("reaction_added")(only(ReactionAdded, added))
    tagging.on("reaction_removed")(only(ReactionRemoved, removed))
    return tagging


async def _meant(event: ReactionAdded | ReactionRemoved, context: Context) -> tuple[Tag | None, Message | None]:
    """The tag an emoji stands for and the message it was put on, as far as they are known."""
    tags = await context.uow.teams.tags(context.community)
    tag = next((tag for tag in tags if tag.reaction == event.emoji.strip(":")), None)
    if tag is None:
        return None, None
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    return tag, None if message is None or message.deleted else message


async def _became_another(context: Context, member: MemberId) -> bool:
    """Whether this was one account of somebody who has linked it to another since."""
    return await context.uow.members.get(context.community, member) is None


def _kind(message: Message, thought: Thought, tag: str) -> Kind:
    """What a tagged message is: as judged, as its text or the tag's name says, else a request."""
    for kind in (message.kind, thought.prepared.guess.kind):
        if kind in INSIGHT_KINDS:
            return kind
    return next((kind for kind in INSIGHT_KINDS if kind.value == tag.casefold()), Kind.REQUEST)


async def _unlabel(context: Context, insight_id: InsightId, tag: str) -> None:
    insight = await context.uow.insights.get(context.community, insight_id)
    if insight is None or tag not in insight.tags or await _still_given(context, insight_id, tag):
        return
    await context.uow.insights.replace(replace(insight, tags=tuple(t for t in insight.tags if t != tag)))


async def _still_given(context: Context, insight: InsightId, tag: str) -> bool:
    for voice in await context.uow.insights.voices(context.community, insight):
        message = await context.uow.messages.get(context.community, voice.message)
        if message is not None and any(tagging.tag == tag for tagging in taggings(message.reasons)):
            return True
    return False
