"""What a conversation shows to have solved a question becomes a candidate answer, and follows the conversation."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from dialogue.capturing.memory import accounts_in
from dialogue.recognising.settling import settle_answer
from dialogue.router import Context
from dialogue.understanding.pairing import MOST_TURNS, Pair, pairs
from dialogue.understanding.turns import Mark, Turn, turn_from
from knowledge_base.answers import Answer, AnswerChange, AnswerState, Deed, Part
from knowledge_base.channels import Audience, Channel
from knowledge_base.ids import AnswerId, ConversationId, MemberId, MessageId
from knowledge_base.members import Role
from knowledge_base.messages import Message
from knowledge_base.outcomes import Outcome

SURE: Final = frozenset({Outcome.CONFIRMED})
"""Outcomes that make a candidate while the talk goes on."""

STILL: Final = frozenset({Outcome.CONFIRMED, Outcome.OPEN})
"""Outcomes that make one once it has gone still."""


async def pair_again(context: Context, conversation: ConversationId, new: Collection[Outcome]) -> Sequence[Pair]:
    """Look at a conversation anew and store what it shows; doing it twice is harmless.

    A question that has no answer yet gets a candidate for an outcome in ``new``; one that has keeps it, brought up to
    date.
    """
    await context.uow.communities.lock(context.community)
    said = await context.uow.messages.conversation(context.community, conversation, last=MOST_TURNS)
    channel = await context.uow.channels.get(said[0].space, said[0].channel) if said else None
    if channel is None or channel.direct:
        return ()
    found = pairs(await _turns(context, said), await _marks(context, conversation))
    solved = [pair.question for pair in found]
    known = await context.uow.answers.asked_in(context.community, conversation, solved)
    answers = {answer.question: answer for answer in known}
    for pair in found:
        await _keep(context, pair, answers.get(pair.question), channel, said, new)
    for message in said:
        if message.id in answers and message.id not in solved:
            await _unsolved(context, answers[message.id])
    return found


async def flag_approved(context: Context, edited: Message) -> None:
    """An approved answer shows what a message said before it was edited: it wants another look."""
    await context.uow.communities.lock(context.community)
    for answer in await context.uow.answers.of_message(context.community, edited.id):
        if answer.state is AnswerState.APPROVED and not answer.look_again:
            await context.uow.answers.replace(replace(answer, look_again=True))


async def _turns(context: Context, said: Sequence[Message]) -> Sequence[Turn]:
    accounts = await accounts_in(context, {message.author for message in said}, said[0].space)
    return [turn_from(message, accounts[message.author]) for message in said]


async def _marks(context: Context, conversation: ConversationId) -> Sequence[Mark]:
    marks = []
    for checked in await context.uow.answers.checked_in(context.community, conversation):
        member = await context.uow.members.get(context.community, checked.member)
        marks.append(Mark(checked.message, checked.member, member.role if member else Role.CUSTOMER, checked.at))
    return marks


async def _keep(
    context: Context,
    pair: Pair,
    known: Answer | None,
    channel: Channel,
    said: Sequence[Message],
    new: Collection[Outcome],
) -> None:
    if known is not None:
        await _follow(context, known, pair, channel)
    elif pair.outcome in new:
        question = next(message for message in said if message.id == pair.question)
        found = await context.uow.answers.add(_found(context, pair, question, channel.audience), _parts(pair))
        await settle_answer(context, found)


def _found(context: Context, pair: Pair, question: Message, audience: Audience) -> Answer:
    return Answer(
        id=AnswerId(context.ids.fresh()),
        community=context.community,
        number=0,
        state=AnswerState.CANDIDATE,
        outcome=pair.outcome,
        proof=pair.proof,
        audience=audience,
        language=question.language,
        at=question.at,
        question=pair.question,
        conversation=question.conversation,
        solver=MemberId(pair.solver),
    )


def _parts(pair: Pair) -> Sequence[tuple[Part, MessageId]]:
    proof = [(Part.PROOF, pair.proven_by)] if pair.proven_by and pair.proven_by not in pair.solutions else []
    return [(Part.QUESTION, pair.question), *((Part.SOLUTION, one) for one in pair.solutions), *proof]


async def _follow(context: Context, known: Answer, pair: Pair, channel: Channel) -> None:
    """Bring an answer up to date; an approved one that is solved otherwise, or no more, wants another look."""
    before = {(one.part, one.message) for one in await context.uow.answers.sources(context.community, known.id)}
    parts = _parts(pair)
    solutions = {(part, message) for part, message in parts if part is Part.SOLUTION}
    differs = solutions != {one for one in before if one[0] is Part.SOLUTION}
    revives = known.state is AnswerState.WITHDRAWN and pair.outcome is not Outcome.DENIED
    denied = pair.outcome is Outcome.DENIED and known.outcome is not Outcome.DENIED
    changed = replace(
        known,
        outcome=pair.outcome,
        proof=pair.proof,
        solver=MemberId(pair.solver),
        state=AnswerState.CANDIDATE if revives else known.state,
        audience=channel.audience if known.audience.is_wider(channel.audience) else known.audience,
        look_again=known.look_again or (known.state is AnswerState.APPROVED and (differs or denied)),
    )
    if before != set(parts):
        await context.uow.answers.make_of(context.community, known.id, parts)
    if changed != known:
        await context.uow.answers.replace(changed)
        await settle_answer(context, changed)


async def _unsolved(context: Context, answer: Answer) -> None:
    """Nothing solves the question any more: a candidate is withdrawn, an approved answer wants another look."""
    if answer.state is AnswerState.APPROVED and not answer.look_again:
        await context.uow.answers.replace(replace(answer, look_again=True))
    elif answer.state is AnswerState.CANDIDATE:
        gone = replace(answer, state=AnswerState.WITHDRAWN)
        await context.uow.answers.replace(gone)
        change = AnswerChange(answer.id, Deed.WITHDRAW, gone.state, gone.wording, None, context.now)
        await context.uow.answers.record(context.community, change)
        await settle_answer(context, gone)
