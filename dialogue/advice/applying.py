"""A model's verdict becomes what is known of a message, where nothing has happened to it meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from dialogue.actions import Outgoing
from dialogue.advice.asking import Asked, standing
from dialogue.advice.relinking import relink
from dialogue.advice.values import ANEW, SAME, Doubt, Policy, Verdict
from dialogue.capturing.editing import judge_in_place, voiced_again
from dialogue.capturing.memory import judged_again, lane_of_message, thought_again
from dialogue.capturing.moving import carry_answer, pair_anew
from dialogue.capturing.thinking import Understanding
from dialogue.capturing.voicing import circle_of_message, suggest
from dialogue.cards import name
from dialogue.regrouping.alike import where_it_went
from dialogue.regrouping.cosines import cosine_between
from dialogue.regrouping.merging import merge_as_told
from dialogue.router import Context, Thought
from dialogue.routing import route
from dialogue.understanding.values import Judgement, KindGuess
from knowledge_base.ids import MemberId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message
from knowledge_base.taggings import taggings

SURE: Final = 0.6
"""From this confidence on a model's verdict counts; below, it is only told."""


MODEL: Final = MemberId("a language model")
"""By whom it is done what a model did: nobody's name."""


class Fate(StrEnum):
    """What became of a verdict."""

    CHANGED = "changed"
    CONFIRMED = "confirmed"
    UNSURE = "unsure"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it, when it was to be asked, and by what models messages are understood here."""

    name: str
    policy: Policy
    understanding: Understanding


async def apply_verdict(
    context: Context, asked: Asked, verdict: Verdict, source: Source
) -> tuple[Fate, Sequence[Outgoing]]:
    """Finish a job with a model's verdict. The message's lane is locked.

    Dropped where the message was edited, deleted, tagged or moved since it was asked about, where staff have taken up
    its insight, where its author or channel allow no more, or where the job was done already. Else the verdict is
    recorded among the message's reasons, and where it is sure, kind, conversation, voice and cards follow it.
    """
    if not await context.uow.model_jobs.finish(asked.job):
        return Fate.DROPPED, ()
    message = await standing(context.uow, asked.job, source.policy)
    if message is None or await _in_staffs_hands(context, message):
        return Fate.DROPPED, ()
    if asked.job.doubt is Doubt.SAME:
        return await _compared(context, asked, message, verdict, source)
    line = _line(context, asked.job.doubt, verdict, source.name)
    told = replace(message, reasons=(line, *message.reasons))
    if verdict.confidence < SURE:
        await context.uow.messages.replace(told)
        return Fate.UNSURE, ()
    if asked.job.doubt is Doubt.KIND:
        fate = Fate.CONFIRMED if verdict.choice == message.kind else Fate.CHANGED
        return fate, await _judged_as(context, told, verdict, source.understanding)
    return await _linked(context, asked, told, verdict, source.understanding)


async def _in_staffs_hands(context: Context, message: Message) -> bool:
    insight = await context.uow.insights.of_message(context.community, message.id)
    return bool(taggings(message.reasons)) or (insight is not None and insight.status is not Status.NEW)


def _line(context: Context, doubt: Doubt, verdict: Verdict, model: str) -> str:
    sure = f"{verdict.confidence:.2f}"
    if doubt is Doubt.KIND:
        kind = context.texts.say(f"kind.{verdict.choice}")
        return context.texts.say("reason.model_kind", {"model": model, "kind": kind, "confidence": sure})
    places = {"model": model, "confidence": sure}
    return context.texts.say("reason.model_new" if verdict.choice == ANEW else "reason.model_link", places)


async def _compared(
    context: Context, asked: Asked, message: Message, verdict: Verdict, source: Source
) -> tuple[Fate, Sequence[Outgoing]]:
    """What it says of two insights is told, and suggested to staff where it is sure that they are one: they decide."""
    uow, community = context.uow, context.community
    await uow.communities.lock(community)
    insight = await uow.insights.of_message(community, message.id)
    other = await where_it_went(uow, community, asked.job.other) if asked.job.other else None
    if insight is None or other is None or other.id == insight.id:
        return Fate.DROPPED, ()
    places = {"model": source.name, "name": name(other, context.texts), "confidence": f"{verdict.confidence:.2f}"}
    line = context.texts.say("reason.model_same" if verdict.choice == SAME else "reason.model_different", places)
    await uow.messages.replace(replace(message, reasons=(line, *message.reasons)))
    if verdict.confidence < SURE:
        return Fate.UNSURE, ()
    if verdict.choice == SAME and verdict.confidence >= source.policy.merge_from:
        older, newer = sorted((insight, other), key=lambda one: one.number)
        merged = await merge_as_told(context, newer, older, MODEL, line)
        if merged is not None:
            return Fate.CHANGED, merged.shown
    cosine = await cosine_between(context, insight.id, other.id) if verdict.choice == SAME else None
    if cosine is None or not await suggest(context, insight, other.id, cosine):
        return Fate.CONFIRMED, ()
    return Fate.CHANGED, (await route(context, insight)).outgoing


async def _judged_as(
    context: Context, message: Message, verdict: Verdict, understanding: Understanding
) -> Sequence[Outgoing]:
    """The message with the verdict's kind.

    The model read what was answered too, so its verdict stands where the text's own guess did, without signs by which
    the context would be counted a second time.
    """
    judged = await judged_again(context, message, understanding)
    guess = KindGuess(Kind(verdict.choice), verdict.confidence, "a model")
    advised = replace(judged.prepared, guess=guess, signs=frozenset(), states=True)
    judgement = await judge_in_place(context, message, Thought(advised, None), understanding)
    return await _follow(context, message, understanding.thought(understanding.look_again(judged.prepared)), judgement)


async def _linked(
    context: Context, asked: Asked, message: Message, verdict: Verdict, understanding: Understanding
) -> tuple[Fate, Sequence[Outgoing]]:
    """The message where the verdict says that it belongs; what it is follows from what it answers, as ever."""
    parent = None
    if verdict.choice != ANEW:
        parent = await context.uow.messages.get(context.community, asked.candidates[int(verdict.choice) - 1])
        if parent is None or parent.deleted:
            return Fate.DROPPED, ()
    if (parent.id if parent else None) == message.reply_to:
        await context.uow.messages.replace(message)
        return Fate.CONFIRMED, ()
    moved = await relink(context.uow, message, parent)
    thought = await thought_again(context, moved[0], understanding)
    judgement = await judge_in_place(context, moved[0], thought, understanding)
    outgoing = await _follow(context, moved[0], thought, judgement)
    for one in moved:
        await carry_answer(context, one, one.conversation)
    await pair_anew(context, {message.conversation, moved[0].conversation})
    return Fate.CHANGED, outgoing


async def _follow(context: Context, message: Message, thought: Thought, judgement: Judgement) -> Sequence[Outgoing]:
    """Keep what the message is now judged to be, and let its voice and cards follow."""
    changed = replace(message, kind=judgement.kind, confidence=judgement.confidence)
    await context.uow.communities.lock(context.community)
    await context.uow.messages.replace(changed)
    context.states.forget(lane_of_message(message))
    circle = await circle_of_message(context, changed)
    return await voiced_again(context, changed, circle, thought, judgement)
