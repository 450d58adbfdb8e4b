"""What an answer was made of is deleted: its words go with it, wherever they were kept."""

from collections.abc import Iterable
from dataclasses import replace

from dialogue.pairing.keeping import SURE, pair_again
from dialogue.recognising.settling import settle_answer
from dialogue.router import Context
from knowledge_base.answers import Answer, AnswerChange, AnswerState, Deed, Part, Wording
from knowledge_base.ids import ConversationId
from knowledge_base.messages import Message


async def withdraw(context: Context, message: Message) -> bool:
    """Take the words of a message, which is about to be erased, out of every answer; whether it was part of any.

    An answer that shows its words is withdrawn, whoever approved it. The community is locked.
    """
    uow, community = context.uow, context.community
    await uow.answers.uncheck(community, message.id)
    touched = await uow.answers.of_message(community, message.id)
    for answer in touched:
        parts = {one.part for one in await uow.answers.sources(community, answer.id) if one.message == message.id}
        if parts - {Part.PROOF}:
            await _withdraw(context, answer)
    return bool(touched)


async def pair_without(context: Context, conversations: Iterable[ConversationId]) -> None:
    """Look at conversations anew from which something was erased."""
    for conversation in conversations:
        await pair_again(context, conversation, SURE)


async def _withdraw(context: Context, answer: Answer) -> None:
    uow, community = context.uow, context.community
    gone = replace(answer, state=AnswerState.WITHDRAWN, solver=None, look_again=False)
    await uow.answers.replace(gone)
    await uow.answers.wipe(community, answer.id)
    change = AnswerChange(answer.id, Deed.WITHDRAW, gone.state, Wording(), None, context.now, undone=True)
    await uow.answers.record(community, change)
    await settle_answer(context, gone)
