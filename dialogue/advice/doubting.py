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
from knowledge_base.members import Role
from knowledge_base.messages import Message
from knowledge_base.taggings import taggings

SHORTEST: Final = 12
"""Characters below which a text says too little for a model to judge it better."""


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
    if event.actor.role is not Role.CUSTOMER or len(event.text) < SHORTEST:
        return
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    if message is None or not _is_doubtful(message, policy) or not await may_leave(context.uow, message, policy):
        return
    await context.uow.model_jobs.put(
        Job(context.community, message.id, Doubt.KIND, mark_of(message), created_at=context.now)
    )


def _is_doubtful(message: Message, policy: Policy) -> bool:
    """What staff said of a message by hand is never in doubt."""
    return policy.doubts(message.confidence) and not taggings(message.reasons)
