"""Somebody changed what they said: kind and voice follow the new words, and so does its place in the recent past."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.actions import Outgoing
from dialogue.capturing.memory import judged_again, lane_of_message, remembered
from dialogue.capturing.moving import carry_answer, move, pair_anew
from dialogue.capturing.noticing import facets_told
from dialogue.capturing.placing import circle_at, joins, meaning_of, place, said_by
from dialogue.capturing.thinking import Understanding, here, think
from dialogue.capturing.voicing import StoredVoices, add_voice, reword_voice, withdraw_voice
from dialogue.consequences import Heard, after_voice
from dialogue.events import MessageEdited
from dialogue.learning import leanings
from dialogue.people import may_keep_of
from dialogue.reasons import SILENT, is_certain, judged_in_place, why_judged
from dialogue.router import Context, Thought
from dialogue.routing import route
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.revising import Again, revised_by_edit
from dialogue.understanding.values import Anchor, Judgement, Tie, beginning_of
from knowledge_base.circles import Circle
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight
from knowledge_base.messages import Message
from knowledge_base.taggings import by_hand, kind_given, taggings
from knowledge_base.vagueness import Saying


async def edited(event: MessageEdited, context: Context, understanding: Understanding) -> Sequence[Outgoing]:
    """Keep the new text of a message that was kept, unless nothing changed or it may not be kept any more."""
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    if message is None or message.deleted or _is_older(event.version, message.version):
        return ()
    if message.text == event.text:
        # the version counts all the same: an earlier edit may still come
        await context.uow.messages.replace(replace(message, version=event.version))
        return ()
    if not await _may_keep(event, context):
        return ()
    thought = context.thought or think(event, understanding)
    if thought is None:
        return ()
    moved = await _revised(context, message, thought, understanding)
    if moved:
        judgement = moved[0].judgement
        why = why_judged(thought.prepared, judgement)
        place = (judgement.conversation, judgement.reply_to)
    else:
        judgement = await judge_in_place(context, message, thought, understanding)
        why = judged_in_place(message.reasons, thought.prepared, judgement)
        place = (message.conversation, message.reply_to)
    changed = _changed(message, event, judgement, why)
    told = await facets_told(event.actor.role, event.text, changed.kind, context)
    changed = replace(changed, facets=told.facets, reasons=(*changed.reasons, *told.reasons))
    changed = replace(changed, conversation=place[0], reply_to=place[1])
    await context.uow.communities.lock(context.community)
    await context.uow.messages.replace(changed)
    context.states.forget(lane_of_message(message))
    outgoing = await voiced_again(context, changed, circle_at(event.place), thought, judgement)
    return (*outgoing, *await _moved(context, message, moved, circle_at(event.place)))


async def _moved(context: Context, message: Message, moved: Sequence[Again], circle: Circle) -> Sequence[Outgoing]:
    """What hangs on a message that an edit moved follows it; ``message``: as it was before."""
    if not moved:
        return ()
    now = moved[0].judged.conversation
    await carry_answer(context, message, now)
    outgoing = await move(context, moved[1:], circle)
    await pair_anew(context, {message.conversation, now})
    return outgoing


async def voiced_again(
    context: Context, message: Message, circle: Circle, thought: Thought, judgement: Judgement
) -> Sequence[Outgoing]:
    """Let a stored message's voice, and its insights' cards, follow a new judgement. The community is locked."""
    outgoing: list[Outgoing] = []
    left, voiced = await _voice_again(context, message, circle, thought, judgement)
    insight = await context.uow.insights.get(context.community, left) if left else None
    outgoing.extend((await route(context, insight)).outgoing if insight else ())
    insight = await context.uow.insights.get(context.community, voiced) if voiced else None
    outgoing.extend((await after_voice(context, Heard(insight, message))).outgoing if insight else ())
    return outgoing


def _is_older(version: str, kept: str) -> bool:
    return (len(version), version) < (len(kept), kept)


async def _revised(
    context: Context, message: Message, thought: Thought, understanding: Understanding
) -> Sequence[Again]:
    """The message and what hangs on it, judged again, where its new words show that it belongs elsewhere."""
    state = await remembered(context, message.space, message.channel, understanding)
    return revised_by_edit(state, thought.prepared, understanding.prepare, await leanings(context))


async def judge_in_place(
    context: Context, message: Message, thought: Thought, understanding: Understanding
) -> Judgement:
    """What a stored message is by its own words, by what it answers and what began that, its place left as it is."""
    leaning = await leanings(context)
    if message.reply_to is None:
        return judge(ChannelState(), thought.prepared, None, leaning)[1]
    asked = dict.fromkeys((beginning_of(message.conversation), message.reply_to))
    stored = [await context.uow.messages.get(context.community, one) for one in asked]
    before = [await judged_again(context, one, understanding) for one in stored if one is not None]
    tie = Tie.PLATFORM if is_certain(message.reasons) else Tie.KEPT
    tied_to = Anchor(message.reply_to, message.conversation, tie)
    return judge(ChannelState.of(before), thought.prepared, tied_to, leaning)[1]


async def _may_keep(event: MessageEdited, context: Context) -> bool:
    channel = await context.uow.channels.get(event.place.space, event.place.channel)
    if channel is None or not channel.mode.keeps_messages:
        return False
    return await may_keep_of(event.actor, event.place.space, context)


def _changed(message: Message, event: MessageEdited, judgement: Judgement, why: Sequence[str]) -> Message:
    """The message with its new words. What staff made of it by hand stays, with the reason."""
    tagged = by_hand(message.reasons)
    silent = tuple(reason for reason in message.reasons if reason.startswith(SILENT))
    return replace(
        message,
        text=event.text,
        version=event.version,
        language=judgement.language,
        kind=message.kind if tagged else judgement.kind,
        confidence=message.confidence if tagged else judgement.confidence,
        reasons=(*why, *tagged, *silent),
    )


async def _voice_again(
    context: Context, message: Message, circle: Circle, thought: Thought, judgement: Judgement
) -> tuple[InsightId | None, InsightId | None]:
    """Which insight it left, and which it voices.

    A voice stays with its insight unless it now says another kind of thing than others.
    """
    insight = await context.uow.insights.of_message(context.community, message.id)
    given = kind_given(message.reasons)
    tagged = given is not None or bool(taggings(message.reasons))
    joined = given is None and not tagged and await _joins_another(context, thought, judgement, insight)
    speaks = judgement.voices and said_by(thought, judgement) is not Saying.CALL
    if insight is not None and (tagged or speaks) and not joined:
        alone = len(await context.uow.insights.voices(context.community, insight.id)) == 1
        if tagged or alone or insight.kind is message.kind:
            kind = message.kind if alone else insight.kind
            await reword_voice(context, message, meaning_of(thought, judgement, context.embedders), kind)
            return None, insight.id
    if given is not None:
        return None, None
    left = await withdraw_voice(context, message.id)
    leaning = await leanings(context)
    placement = await place(thought, judgement, circle, context.embedders, StoredVoices(context), leaning)
    return left, (await add_voice(context, message, placement)).insight.id if placement else None


async def _joins_another(context: Context, thought: Thought, judgement: Judgement, insight: Insight | None) -> bool:
    """Whether it joins in with what voices another insight than it does, as where it was moved."""
    if insight is None or not joins(thought, judgement) or judgement.reply_to is None:
        return False
    joined = await context.uow.insights.of_message(context.community, judgement.reply_to)
    return joined is not None and joined.id != insight.id
