"""What is older than it is to be kept: the question, and what is left out of it because staff acted on it."""

from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, func, literal, or_, select

from adapters.storage.tables import (
    answer_parts,
    answers,
    channels,
    corrections,
    insights,
    messages,
    notes,
    status_changes,
    voices,
)
from adapters.storage.transaction import Query
from knowledge_base.answers import AnswerState
from knowledge_base.channels import Audience
from knowledge_base.insights import Status

_SAME = messages.c.community_id
_DECIDED: ColumnElement[bool] = or_(
    insights.c.owner.is_not(None),
    insights.c.tags != literal((), insights.c.tags.type),
    exists().where(status_changes.c.community_id == _SAME, status_changes.c.insight == insights.c.insight),
    exists().where(
        corrections.c.community_id == _SAME,
        or_(corrections.c.insight == insights.c.insight, corrections.c.other == insights.c.insight),
    ),
)
_VOICES_WHAT_WAS_DECIDED: ColumnElement[bool] = exists().where(
    voices.c.community_id == _SAME,
    voices.c.message == messages.c.message,
    insights.c.community_id == _SAME,
    insights.c.insight == voices.c.insight,
    insights.c.status != Status.DISMISSED,
    _DECIDED,
)
_IS_NOTED: ColumnElement[bool] = exists().where(notes.c.community_id == _SAME, notes.c.message == messages.c.message)
_ANSWERS: ColumnElement[bool] = exists().where(
    answer_parts.c.community_id == _SAME,
    answer_parts.c.message == messages.c.message,
    answers.c.community_id == _SAME,
    answers.c.answer == answer_parts.c.answer,
    answers.c.state == AnswerState.APPROVED,
)

OUTLIVED: Final[Query] = (
    select(messages)
    .outerjoin(
        channels,
        (channels.c.community_id == _SAME)
        & (channels.c.space == messages.c.space)
        & (channels.c.channel == messages.c.channel),
    )
    .where(
        messages.c.community_id == bindparam("community"),
        messages.c.deleted.is_(False),
        messages.c.at < bindparam("before"),
        func.coalesce(channels.c.audience, Audience.PRIVATE, type_=channels.c.audience.type)
        == bindparam("of_audience", type_=channels.c.audience.type),
        ~_VOICES_WHAT_WAS_DECIDED,
        ~_IS_NOTED,
        ~_ANSWERS,
    )
    .order_by(messages.c.at, messages.c.message)
    .limit(bindparam("most"))
)
"""Given ``community``, ``of_audience``, ``before`` and ``most``."""
