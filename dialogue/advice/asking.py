"""From jobs to questions: what leaves of a message, and whether anything does."""

from dataclasses import dataclass
from typing import Final

from dialogue.advice.permission import may_leave
from dialogue.advice.values import Doubt, Job, Line, Policy, Question, mark_of
from dialogue.capturing.memory import lane_of_message
from dialogue.events import Lane
from dialogue.ports import Masker, UnitOfWork
from knowledge_base.ids import SpaceId
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message

LONGEST: Final = 1000
"""Characters of the message that leave at most."""

LONGEST_EARLIER: Final = 400
"""The same for what was said before it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A job with the question that it leads to now, and where its message is."""

    job: Job
    question: Question
    space: SpaceId
    lane: Lane


async def question_of(uow: UnitOfWork, job: Job, masker: Masker, policy: Policy) -> Asked | None:
    """The question of a job; None where the message has changed since, or may not leave. Reads only."""
    message = await standing(uow, job, policy)
    if message is None:
        return None
    earlier = await _answered(uow, message, masker, policy)
    said = line(message, masker, LONGEST)
    question = Question(Doubt.KIND, said, earlier, tuple(kind.value for kind in Kind))
    return Asked(job, question, message.space, lane_of_message(message))


async def standing(uow: UnitOfWork, job: Job, policy: Policy) -> Message | None:
    """The job's message, if nothing was done to it since and its words may leave."""
    message = await uow.messages.get(job.community, job.message)
    if message is None or mark_of(message) != job.mark or not await may_leave(uow, message, policy):
        return None
    return message


def line(message: Message, masker: Masker, longest: int) -> Line:
    """The words as they leave. Masked before they are cut: a piece of a secret would not be known for one."""
    return Line(message.role, masker.mask(message.text)[:longest])


async def _answered(uow: UnitOfWork, message: Message, masker: Masker, policy: Policy) -> tuple[Line, ...]:
    if message.reply_to is None:
        return ()
    parent = await uow.messages.get(message.community, message.reply_to)
    if parent is None or not await may_leave(uow, parent, policy):
        return ()
    return (line(parent, masker, LONGEST_EARLIER),)
