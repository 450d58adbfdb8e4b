"""From jobs to questions: what leaves of a message, and whether anything does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.advice.permission import may_leave
from dialogue.advice.values import ANEW, DIFFERENT, SAME, Doubt, Job, Line, Policy, Question, mark_of
from dialogue.capturing.memory import lane_of_message
from dialogue.events import Lane
from dialogue.ports import Masker, UnitOfWork
from dialogue.regrouping.alike import where_it_went
from dialogue.understanding.values import WINDOW
from knowledge_base.ids import MessageId, SpaceId
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message

LONGEST: Final = 1000
"""Characters of the message that leave at most."""

LONGEST_EARLIER: Final = 400
"""The same for what was said before it."""

BEFORE: Final = 8
"""Messages said before it that it may answer, as a model is shown them, at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A job with the question that it leads to now, and where its message is.

    ``candidates``: the messages that a link's choices name, by their places from 1 on.
    """

    job: Job
    question: Question
    space: SpaceId
    lane: Lane
    candidates: tuple[MessageId, ...] = ()


async def question_of(uow: UnitOfWork, job: Job, masker: Masker, policy: Policy) -> Asked | None:
    """The question of a job; None where the message has changed since, or may not leave. Reads only."""
    message = await standing(uow, job, policy)
    if message is None:
        return None
    earlier = [one for one in await _earlier(uow, job, message) if await may_leave(uow, one, policy)]
    choices = _choices(job.doubt, len(earlier))
    if len(choices) == 1:
        return None
    lines = tuple(line(one, masker, LONGEST_EARLIER) for one in earlier)
    question = Question(job.doubt, line(message, masker, LONGEST), lines, choices)
    return Asked(job, question, message.space, lane_of_message(message), tuple(one.id for one in earlier))


async def standing(uow: UnitOfWork, job: Job, policy: Policy) -> Message | None:
    """The job's message, if nothing was done to it since and its words may leave."""
    message = await uow.messages.get(job.community, job.message)
    if message is None or mark_of(message) != job.mark or not await may_leave(uow, message, policy):
        return None
    return message


def _choices(doubt: Doubt, earlier: int) -> tuple[str, ...]:
    if doubt is Doubt.KIND:
        return tuple(kind.value for kind in Kind)
    if doubt is Doubt.SAME:
        return (SAME, DIFFERENT)[1 - earlier :]
    return (*(str(place) for place in range(1, earlier + 1)), ANEW)


def line(message: Message, masker: Masker, longest: int) -> Line:
    """The words as they leave. Masked before they are cut: a piece of a secret would not be known for one."""
    return Line(message.role, masker.mask(message.text)[:longest])


async def _earlier(uow: UnitOfWork, job: Job, message: Message) -> Sequence[Message]:
    """What the message is judged beside, by what is in doubt."""
    match job.doubt:
        case Doubt.KIND:
            return await _answered(uow, message)
        case Doubt.LINK:
            return await _before(uow, message)
        case Doubt.SAME:
            other = await where_it_went(uow, job.community, job.other) if job.other else None
            called_by = await uow.messages.get(job.community, other.titled_by) if other else None
            return (called_by,) if called_by else ()


async def _answered(uow: UnitOfWork, message: Message) -> Sequence[Message]:
    """What it answers, if that is known."""
    parent = await uow.messages.get(message.community, message.reply_to) if message.reply_to else None
    return (parent,) if parent else ()


async def _before(uow: UnitOfWork, message: Message) -> Sequence[Message]:
    """What was said just before it in its lane, and what it was taken to answer if that is further back."""
    recent = await uow.messages.recent(message.community, message.space, message.channel, WINDOW)
    place = next((place for place, one in enumerate(recent) if one.id == message.id), 0)
    before = recent[max(0, place - BEFORE) : place]
    parent = [] if message.reply_to in {one.id for one in before} else await _answered(uow, message)
    return [*parent, *before]
