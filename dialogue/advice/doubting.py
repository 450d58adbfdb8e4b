"""Noting, in the transaction that judged a message, that a model is to be asked about it."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.advice.permission import may_leave
from dialogue.advice.values import Doubt, Job, Policy, mark_of
from dialogue.capturing.placing import Said, circle_at, kept_apart, own_meaning
from dialogue.capturing.thinking import here
from dialogue.capturing.voicing import StoredVoices
from dialogue.events import MessageEdited, MessagePosted
from dialogue.handling import only
from dialogue.learning import leanings
from dialogue.router import Context, Router
from knowledge_base.ids import InsightId
from knowledge_base.insights import Status
from knowledge_base.messages import Message
from knowledge_base.taggings import taggings
from knowledge_base.vagueness import Saying, saying

SHORTEST: Final = 12
"""Characters below which a text says too little for a model to judge it better."""

UNSURE_LINK: Final = 0.35
"""Below this confidence a link to an earlier message, or that there is none, is in doubt."""


def router(policy: Policy) -> Router:
    """The handlers that run after all others of a message, so that what they stored is what the mark is taken of."""

    async def on_posted(event: MessagePosted, context: Context) -> Sequence[Outgoing]:
        # a history that is read back would spend the budget of those who talk now
        if event.live and not event.deleted:
            await _note(event, context, policy)
        return ()

    async def on_edited(event: MessageEdited, context: Context) -> Sequence[Outgoing]:
        await _note(event, context, policy)
        return ()

    doubting = Router("doubting")
    doubting.on("message_posted")(only(MessagePosted, on_posted))
    doubting.on("message_edited")(only(MessageEdited, on_edited))
    return doubting


async def _note(event: MessagePosted | MessageEdited, context: Context, policy: Policy) -> None:
    if not event.actor.role.is_customer or len(event.text) < SHORTEST:
        return
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    # what staff said of a message by hand is never in doubt
    if message is None or taggings(message.reasons) or not await may_leave(context.uow, message, policy):
        return
    other = None
    if policy.doubts(message.confidence):
        doubt = Doubt.KIND
    elif isinstance(event, MessagePosted) and _is_loose(event, context):
        doubt = Doubt.LINK
    else:
        doubt, other = Doubt.SAME, await _maybe_same(event, message, context)
        if other is None:
            return
    mark = mark_of(message)
    await context.uow.model_jobs.put(Job(context.community, message.id, doubt, mark, context.now, other=other))


async def _maybe_same(event: MessagePosted | MessageEdited, message: Message, context: Context) -> InsightId | None:
    """What its insight was just suggested to be the same as, or was kept apart from although it is as near."""
    insight = await context.uow.insights.of_message(context.community, message.id)
    if insight is None or insight.status is not Status.NEW:
        return None
    for suggestion in await context.uow.suggestions.of(context.community, insight.id):
        if suggestion.at == context.now:
            return suggestion.other
    if insight.demand > 1 or context.thought is None or saying(message.text) is not Saying.SOMETHING:
        return None
    meaning = own_meaning(context.thought, context.embedders)
    said = Said(message.text, message.language, meaning, insight.kind, circle_at(event.place))
    known, leaning = StoredVoices(context), await leanings(context)
    apart = await kept_apart(said, insight.id, context.embedders, known, leaning)
    return apart.insight if apart else None


def _is_loose(event: MessagePosted, context: Context) -> bool:
    """Whether it was judged, just now and not surely, what the message answers. What a platform says is certain."""
    state = context.states.known(event.place.lane)
    last = state.recent[-1] if state and state.recent else None
    if last is None or last.prepared.heard.id != here(event.place, event.message):
        return False
    return last.link < UNSURE_LINK
