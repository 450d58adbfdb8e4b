"""Answers: a question with what solved it, from people or imported, with its sources; what may be said again.

A candidate holds nothing but the names of the messages it is made of: what they say is read where it is shown, so an
edit shows at once and what was deleted is gone. Wording is kept from the moment somebody approves or edits it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import AnswerId, CommunityId, ConversationId, MemberId, MessageId
from knowledge_base.outcomes import Outcome, Proof
from knowledge_base.ranking import normalised


class AnswerState(StrEnum):
    """Whether an answer may be said. ``withdrawn``: what it was made of is gone, or solves it no more."""

    CANDIDATE = "candidate"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """What a message is to an answer."""

    QUESTION = "question"
    SOLUTION = "solution"
    PROOF = "proof"


class Deed(StrEnum):
    """What somebody did with an answer, or what happened to it."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    UNDO = "undo"
    IMPORT = "import"
    WITHDRAW = "withdraw"


UNDOABLE: Final = frozenset({Deed.APPROVE, Deed.EDIT, Deed.REJECT})
"""What people do by command."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How it is said again: the phrases it is asked in, and the answer. Empty for what nobody has worded yet."""

    questions: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer.

    ``number`` is its short name for people, counted per community. ``question`` is the message that asked, which is one
    answer's at most; None for an imported one, whose ``source`` says where it is from. ``audience``: who could read its
    sources when it was found, and nobody else may read it. ``look_again``: a source changed after it was approved.
    """

    id: AnswerId
    community: CommunityId
    number: int
    state: AnswerState
    outcome: Outcome
    proof: Proof | None
    audience: Audience
    language: str
    at: datetime
    question: MessageId | None = None
    conversation: ConversationId | None = None
    solver: MemberId | None = None
    wording: Wording = Wording()
    tags: tuple[str, ...] = ()
    source: str | None = None
    look_again: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A message that an answer is made of, as its author and its channel are at present.

    ``author_name``: as they want to be named, empty where they are not to be.
    """

    part: Part
    message: MessageId
    member: MemberId
    author_name: str
    text: str
    at: datetime
    origin: Origin
    link: str | None
    shares_private: bool


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What was done with an answer, by whom (None: by nobody, it happened), when and why, and how it was afterwards.

    ``undone``: it does not hold any more.
    """

    answer: AnswerId
    deed: Deed
    state: AnswerState
    wording: Wording
    by: MemberId | None
    at: datetime
    reason: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A check mark on a message. ``member`` is who put it there."""

    message: MessageId
    member: MemberId
    at: datetime


def narrowed(origin: Origin, audience: Audience) -> Origin:
    """The origin with the narrower of its audience and another: what was private once stays so."""
    return replace(origin, audience=audience) if origin.audience.is_wider(audience) else origin


def conflicts(answers: list[Answer]) -> list[tuple[Answer, Answer]]:
    """Pairs of answers, by number, that answer one question differently; how a question is written does not count."""
    asked: dict[str, list[Answer]] = {}
    for answer in sorted(answers, key=lambda one: one.number):
        for phrase in dict.fromkeys(normalised(question) for question in answer.wording.questions):
            asked.setdefault(phrase, []).append(answer)
    found = {
        (first.id, second.id): (first, second)
        for same in asked.values()
        for place, first in enumerate(same)
        for second in same[place + 1 :]
        if normalised(first.wording.text) != normalised(second.wording.text)
    }
    return list(found.values())
