"""Staff, and whom they trust with it, decide which answers may be said again, and how they are worded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dialogue.answer_words import words_of
from dialogue.errors import Refused
from dialogue.fence import Private, may_pass, visible
from dialogue.recognising.settling import settle_answer
from dialogue.router import Context
from knowledge_base.answers import Answer, AnswerChange, AnswerState, Deed, Part, Source, Wording, conflicts
from knowledge_base.members import Member, Role

QUESTION_LIMIT: Final = 300
ANSWER_LIMIT: Final = 1_500
PHRASES: Final = 20
"""The most phrases in which one answer is asked."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides: the member, with the role held where they did."""

    member: Member
    role: Role


async def approve(context: Context, answer: Answer, by: Decider) -> Answer:
    """It may be said from now on, in the words of its sources unless somebody has worded it. The community is locked.

    Raises :class:`Refused` for what is gone, and where the decider can't read what it is made of.
    """
    if answer.state is AnswerState.WITHDRAWN:
        raise Refused(context.texts.say("refused.answer_gone", {"number": answer.number}))
    if answer.state is AnswerState.APPROVED and not answer.look_again:
        return answer
    sources = await context.uow.answers.sources(context.community, answer.id)
    refuse_unless_readable(context, answer, sources, by)
    if answer.solver == by.member.id and not by.role.may(Role.STAFF):
        raise Refused(context.texts.say("refused.own_answer"))
    worded = answer.wording if await _was_worded(context, answer) else _wording(context, sources)
    approved = replace(answer, state=AnswerState.APPROVED, wording=worded, look_again=False)
    return await _change(context, approved, Deed.APPROVE, by)


async def edit(context: Context, answer: Answer, questions: Sequence[str], text: str, by: Decider) -> Answer:
    """It is worded so from now on; what is empty stays as it is. The community is locked.

    Raises :class:`Refused` as :func:`approve` does.
    """
    if answer.state is AnswerState.WITHDRAWN:
        raise Refused(context.texts.say("refused.answer_gone", {"number": answer.number}))
    sources = await context.uow.answers.sources(context.community, answer.id)
    refuse_unless_readable(context, answer, sources, by)
    before = answer.wording if answer.wording.text else _wording(context, sources)
    wording = Wording(tuple(questions)[:PHRASES] or before.questions, text or before.text)
    return await _change(context, replace(answer, wording=wording, look_again=False), Deed.EDIT, by)


async def reject(context: Context, answer: Answer, reason: str, by: Decider) -> Answer:
    """It may not be said. The community is locked."""
    if answer.state is AnswerState.WITHDRAWN:
        raise Refused(context.texts.say("refused.answer_gone", {"number": answer.number}))
    rejected = replace(answer, state=AnswerState.REJECTED, look_again=False)
    return await _change(context, rejected, Deed.REJECT, by, reason)


async def undo(context: Context, answer: Answer, by: Decider) -> tuple[Answer, Deed]:
    """The last of these that holds is undone; returns how the answer is now, and what was undone.

    The community is locked. Raises :class:`Refused` where nothing can be undone.
    """
    undone = await context.uow.answers.undo_last(context.community, answer.id)
    if undone is None:
        raise Refused(context.texts.say("refused.nothing_decided", {"number": answer.number}))
    history = await context.uow.answers.history(context.community, answer.id)
    left = next((one for one in reversed(history) if not one.undone and one.deed is not Deed.UNDO), None)
    state, wording = (left.state, left.wording) if left else (AnswerState.CANDIDATE, Wording())
    return await _change(context, replace(answer, state=state, wording=wording), Deed.UNDO, by), undone.deed


async def conflicts_of(context: Context, answer: Answer | None = None) -> Sequence[tuple[Answer, Answer]]:
    """Approved answers that answer one question differently: all, or those with this one."""
    found = conflicts(list(await context.uow.answers.approved(context.community)))
    return [pair for pair in found if answer is None or answer.id in (pair[0].id, pair[1].id)]


def refuse_unless_readable(context: Context, answer: Answer, sources: Sequence[Source], by: Decider) -> None:
    """Nobody decides about words that they can't read. Raises :class:`Refused`."""
    reader = Private(context.community, by.member.id, by.role)
    if not all(may_pass(words_of(source, answer, source.text), reader) for source in sources):
        raise Refused(context.texts.say("refused.answer_withheld", {"number": answer.number}))


async def _was_worded(context: Context, answer: Answer) -> bool:
    """Whether somebody chose these words: an edit that holds, or an import."""
    history = await context.uow.answers.history(context.community, answer.id)
    return any(one.deed in (Deed.EDIT, Deed.IMPORT) and not one.undone for one in history)


def _wording(context: Context, sources: Sequence[Source]) -> Wording:
    """As people said it, masked before it is kept: what must not leave is not kept as something to be said."""

    def said(part: Part) -> str:
        return "\n".join(context.masker.mask(visible(one.text)).strip() for one in sources if one.part is part)

    return Wording((" ".join(said(Part.QUESTION).split())[:QUESTION_LIMIT],), said(Part.SOLUTION)[:ANSWER_LIMIT])


async def _change(context: Context, answer: Answer, deed: Deed, by: Decider, reason: str = "") -> Answer:
    await context.uow.answers.replace(answer)
    change = AnswerChange(answer.id, deed, answer.state, answer.wording, by.member.id, context.now, reason)
    await context.uow.answers.record(context.community, change)
    await settle_answer(context, answer)
    return answer
