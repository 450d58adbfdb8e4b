"""Somebody said something: it is judged, kept, and its insight goes where the routes send it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dialogue.actions import Outgoing
from dialogue.capturing.memory import anchor, remembered
from dialogue.capturing.moving import move
from dialogue.capturing.noticing import facets_told
from dialogue.capturing.placing import NOTHING, circle_at, place, said_by
from dialogue.capturing.thinking import Understanding, here, platform_facts, think
from dialogue.capturing.voicing import StoredVoices, add_voice, label
from dialogue.consequences import Heard, after_voice
from dialogue.events import MessagePosted
from dialogue.learning import leanings
from dialogue.people import may_keep_of, member_behind
from dialogue.reasons import why_judged, why_silent
from dialogue.router import Context, Thought
from dialogue.routing import Shown
from dialogue.understanding.judge import judge, judged_so
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.revising import Again, revised_by_reply
from dialogue.understanding.values import Judgement
from knowledge_base.channels import Channel
from knowledge_base.facets import Facets
from knowledge_base.members import Member
from knowledge_base.messages import Message
from knowledge_base.vagueness import Saying

_KEYS_HOLD: Final = timedelta(days=20)
"""Younger messages can't come twice: the inbox surely still has their keys. Older ones are looked up."""


async def posted(event: MessagePosted, context: Context, understanding: Understanding) -> Sequence[Outgoing]:
    """Judge a message in its lane's order and keep it, if the channel's mode and its author still allow that now."""
    channel = await context.uow.channels.get(event.place.space, event.place.channel)
    if channel is None or not channel.mode.keeps_messages or _is_own(event, context):
        return ()
    if not await may_keep_of(event.actor, event.place.space, context) or await _is_known(event, context):
        return ()
    member = await member_behind(event.actor, event.place.space, context)
    thought = context.thought or think(event, understanding)
    if thought is None:
        return ()
    if event.deleted:
        alone = judge(ChannelState(), thought.prepared, None)[1]
        await context.uow.messages.add([_tombstone(_message(event, channel, member, alone, ()))])
        return ()
    moved = await _revise(event, context, understanding, thought)
    judgement = await _judge(event, context, understanding, thought)
    told = await facets_told(event.actor.role, event.text, judgement.kind, context)
    reasons = (*why_judged(thought.prepared, judgement), *told.reasons, why_silent(event, channel, context))
    message = replace(_message(event, channel, member, judgement, reasons), facets=told.facets)
    kept = await _keep(message, event, thought, judgement, await _tags(event, context), context)
    return (*moved, *kept)


async def _revise(
    event: MessagePosted, context: Context, understanding: Understanding, thought: Thought
) -> Sequence[Outgoing]:
    """Move what the platform's reply shows to belong elsewhere, before the reply itself is judged."""
    if event.reply_to is None:
        return ()
    state = await remembered(context, event.place.space, event.place.channel, understanding)
    leaning, foreseen = await leanings(context), thought.foreseen
    point = context.states.point(event.place.lane)
    moved = revised_by_reply(state, thought.prepared, understanding.prepare, leaning)
    outgoing = await move(context, moved, circle_at(event.place))
    if moved and foreseen is not None and foreseen.is_from(point, leaning):
        stored = await remembered(context, event.place.space, event.place.channel, understanding)
        if _are_so(moved, stored):
            # what is remembered over there, to the last bit
            context.states.put(event.place.lane, state.with_moved([one.judged for one in moved]), foreseen.point)
        else:
            context.states.forget(event.place.lane)
    return outgoing


def _are_so(moved: Sequence[Again], state: ChannelState) -> bool:
    """Whether messages became what they were judged again to be, as was foreseen: what staff decided stays."""
    stored = {judged.prepared.heard.id: judged.decided for judged in state.recent}
    return all(stored.get(one.judged.prepared.heard.id) == one.judged.decided for one in moved)


async def _judge(event: MessagePosted, context: Context, understanding: Understanding, thought: Thought) -> Judgement:
    state = await remembered(context, event.place.space, event.place.channel, understanding)
    tied_to = await anchor(context, state, platform_facts(thought.prepared.heard))
    leaning, lane, foreseen = await leanings(context), event.place.lane, thought.foreseen
    if foreseen is not None and foreseen.holds(context.states.point(lane), tied_to, leaning):
        # nobody compares here: what that needs is kept up over there
        after = ChannelState(state.recent).after(judged_so(thought.prepared, foreseen.judgement))
        context.states.put(lane, after, foreseen.point.after(thought.prepared.heard.id))
        return foreseen.judgement
    state, judgement = judge(state, thought.prepared, tied_to, leaning)
    context.states.put(lane, state)
    return judgement


async def _tags(event: MessagePosted, context: Context) -> Sequence[str]:
    """The community's tags that are called as the platform's labels of a message are."""
    if not event.labels:
        return ()
    labels = {label.casefold() for label in event.labels}
    return [tag.name for tag in await context.uow.teams.tags(context.community) if tag.name.casefold() in labels]


async def _keep(
    message: Message,
    event: MessagePosted,
    thought: Thought,
    judgement: Judgement,
    tags: Sequence[str],
    context: Context,
) -> Sequence[Outgoing]:
    if not judgement.voices:
        await context.uow.messages.add([message])
        return ()
    await context.uow.communities.lock(context.community)
    leaning = await leanings(context)
    circle = circle_at(event.place)
    placement = await place(thought, judgement, circle, context.embedders, StoredVoices(context), leaning)
    if placement is None:
        vague = said_by(thought, judgement) is not Saying.SOMETHING
        await context.uow.messages.add([_because(message, NOTHING) if vague else message])
        return ()
    await context.uow.messages.add([message])
    voiced = await add_voice(context, message, placement)
    insight = voiced.insight
    for tag in tags:
        insight = await label(context, insight, tag)
    labelled = [context.texts.say("reason.labelled", {"tag": tag}) for tag in tags]
    shown = Shown.ALL if voiced.renamed else Shown.OWN
    routed = await after_voice(context, Heard(insight, message, event.live, shown))
    because = _because(message, placement.reason, *labelled, *routed.reasons)
    await context.uow.messages.replace(because)
    return routed.outgoing


def _because(message: Message, *reasons: str) -> Message:
    """The message with what came of it among its reasons, before the last, which says why the bot kept silent."""
    return replace(message, reasons=(*message.reasons[:-1], *reasons, message.reasons[-1]))


def _tombstone(message: Message) -> Message:
    """What is left of a message that was deleted before it was read, as if it had been erased here."""
    return replace(message, text="", author_name="", link=None, deleted=True, facets=Facets())


async def _is_known(event: MessagePosted, context: Context) -> bool:
    """Whether it was kept before: also a tombstone counts."""
    if context.now - event.at < _KEYS_HOLD:
        return False
    return await context.uow.messages.get(context.community, here(event.place, event.message)) is not None


def _is_own(event: MessagePosted, context: Context) -> bool:
    identity = context.identity(event.place.space)
    return identity is not None and identity.account == event.actor.account


def _message(
    event: MessagePosted, channel: Channel, member: Member, judgement: Judgement, reasons: tuple[str, ...]
) -> Message:
    return Message(
        id=here(event.place, event.message),
        community=channel.community,
        space=channel.space,
        channel=channel.id,
        thread=here(event.place, event.place.thread) if event.place.thread else None,
        author=member.id,
        author_name=event.actor.name,
        role=event.actor.role,
        at=event.at,
        text=event.text,
        language=judgement.language,
        kind=judgement.kind,
        confidence=judgement.confidence,
        conversation=judgement.conversation,
        reply_to=judgement.reply_to,
        link=event.link,
        reasons=reasons,
    )
