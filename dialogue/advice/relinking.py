"""A message is moved to the conversation it belongs to, and whatever was said in answer to it goes with it."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.ports import UnitOfWork
from dialogue.understanding.values import conversation_started_by
from knowledge_base.messages import Message


async def relink(uow: UnitOfWork, message: Message, parent: Message | None) -> Sequence[Message]:
    """Let a stored message answer ``parent``, or start a conversation (None); returns it, then what went with it.

    Its lane is locked. What was already sent about any of them stays true: it hangs on messages, not on conversations.
    """
    conversation = parent.conversation if parent else conversation_started_by(message.id)
    moved = [replace(message, conversation=conversation, reply_to=parent.id if parent else None)]
    moved += [replace(follower, conversation=conversation) for follower in await _followers(uow, message)]
    for one in moved:
        await uow.messages.replace(one)
    return moved


async def _followers(uow: UnitOfWork, message: Message) -> Sequence[Message]:
    """All that answers it, and all that answers those."""
    named, found = {message.id}, []
    for one in await uow.messages.conversation(message.community, message.conversation):
        if one.reply_to in named:
            named.add(one.id)
            found.append(one)
    return found
