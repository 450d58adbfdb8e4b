"""A model's verdict becomes what is known of a message, where nothing has happened to it meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from dialogue.actions import Outgoing
from dialogue.advice.asking import standing
from dialogue.advice.values import Job, Policy, Verdict
from dialogue.capturing.editing import judge_in_place, voiced_again
from dialogue.capturing.memory import judged_again, lane_of_message
from dialogue.capturing.thinking import Understanding
from dialogue.router import Context, Thought
from dialogue.understanding.values import KindGuess
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message
from knowledge_base.taggings import taggings

SURE: Final = 0.6
"""From this confidence on a model's verdict counts; below, it is only told."""


class Fate(StrEnum):
    """What became of a verdict."""

    CHANGED = "changed"
    CONFIRMED = "confirmed"
    UNSURE = "unsure"
    DROPPED = "dropped"


async def apply_verdict(
    context: Context, job: Job, verdict: Verdict, model: str, policy: Policy, understanding: Understanding
) -> tuple[Fate, Sequence[Outgoing]]:
    """Finish a job with a model's verdict. The message's lane is locked.

    Dropped where the message was edited, deleted, tagged or moved since it was asked about, where staff have taken up
    its insight, where its author or channel allow no more, or where the job was done already. Else the verdict is
    recorded among the message's reasons, and where it is sure, kind, voice and cards follow it.
    """
    if not await context.uow.model_jobs.finish(job):
        return Fate.DROPPED, ()
    message = await standing(context.uow, job, policy)
    if message is None or await _in_staffs_hands(context, message):
        return Fate.DROPPED, ()
    told = replace(message, reasons=(_line(context, verdict, model), *message.reasons))
    if verdict.confidence < SURE:
        await context.uow.messages.replace(told)
        return Fate.UNSURE, ()
    fate = Fate.CONFIRMED if verdict.choice == message.kind else Fate.CHANGED
    return fate, await _judged_as(context, told, verdict, understanding)


async def _in_staffs_hands(context: Context, message: Message) -> bool:
    insight = await context.uow.insights.of_message(context.community, message.id)
    return bool(taggings(message.reasons)) or (insight is not None and insight.status is not Status.NEW)


def _line(context: Context, verdict: Verdict, model: str) -> str:
    kind = context.texts.say(f"kind.{verdict.choice}")
    return context.texts.say(
        "reason.model_kind", {"model": model, "kind": kind, "confidence": f"{verdict.confidence:.2f}"}
    )


async def _judged_as(
    context: Context, message: Message, verdict: Verdict, understanding: Understanding
) -> Sequence[Outgoing]:
    """The message with the verdict's kind.

    The model read what was answered too, so its verdict stands where the text's own guess did, without signs by which
    the context would be counted a second time.
    """
    judged = await judged_again(context, message, understanding)
    guess = KindGuess(Kind(verdict.choice), verdict.confidence, "a model")
    advised = replace(judged.prepared, guess=guess, signs=frozenset())
    judgement = await judge_in_place(context, message, Thought(advised, None), understanding)
    changed = replace(message, kind=judgement.kind, confidence=judgement.confidence)
    await context.uow.communities.lock(context.community)
    await context.uow.messages.replace(changed)
    context.states.forget(lane_of_message(message))
    return await voiced_again(context, changed, Thought(judged.prepared, None), judgement)
