"""Noting, in the transaction that judged a message, that a model is to be asked about it."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.advice.permission import may_leave
from dialogue.advice.values import Doubt, Job, Policy, mark_of
from dialogue.capturing.thinking import here
from dialogue.events import MessageEdited, MessagePosted
from dialogue.handling import only
from dialogue.router import Context, Router
from knowledge_base.taggings import taggings

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
    if policy.doubts(message.confidence):
        doubt = Doubt.KIND
    elif isinstance(event, MessagePosted) and _is_loose(event, context):
        doubt = Doubt.LINK
    else:
        return
    await context.uow.model_jobs.put(Job(context.community, message.id, doubt, mark_of(message), context.now))


def _is_loose(event: MessagePosted, context: Context) -> bool:
    """Whether it was judged, just now and not surely, what the message answers. What a platform says is certain."""
    state = context.states.known(event.place.lane)
    last = state.recent[-1] if state and state.recent else None
    if last is None or last.prepared.heard.id != here(event.place, event.message):
        return False
    return last.link < UNSURE_LINK
