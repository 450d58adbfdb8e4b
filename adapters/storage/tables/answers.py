"""Answers, what they are made of, what was done with them, and the check marks that speak for them."""

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, UniqueConstraint

from adapters.storage.columns import Moment, OneOf, ShownText, Texts
from adapters.storage.schema import refers, table
from knowledge_base.answers import AnswerState, Deed, Part
from knowledge_base.channels import Audience
from knowledge_base.outcomes import Outcome, Proof

answers = table(
    "answers",
    Column("answer", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", OneOf(AnswerState), nullable=False),
    Column("outcome", OneOf(Outcome), nullable=False),
    Column("proof", OneOf(Proof)),
    Column("audience", OneOf(Audience), nullable=False),
    Column("language", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("question", ShownText),
    Column("conversation", ShownText),
    Column("solver", ShownText),
    Column("questions", Texts, nullable=False),
    Column("text", ShownText, nullable=False),
    Column("tags", Texts, nullable=False),
    Column("source", ShownText),
    Column("look_again", Boolean, nullable=False),
    PrimaryKeyConstraint("community_id", "answer"),
    UniqueConstraint("community_id", "number"),
    UniqueConstraint("community_id", "question"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "conversation"),
    Index(None, "community_id", "state"),
)

answer_parts = table(
    "answer_parts",
    Column("answer", ShownText, nullable=False),
    Column("number", Integer, nullable=False),  # the order in which they are shown
    Column("part", OneOf(Part), nullable=False),
    Column("message", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "answer", "number"),
    refers(["community_id", "answer"], ["answers.community_id", "answers.answer"]),
    refers(["community_id", "message"], ["messages.community_id", "messages.message"]),
    Index(None, "community_id", "message"),
)

answer_changes = table(
    "answer_changes",
    Column("answer", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("deed", OneOf(Deed), nullable=False),
    Column("state", OneOf(AnswerState), nullable=False),
    Column("questions", Texts, nullable=False),
    Column("text", ShownText, nullable=False),
    Column("by", ShownText),
    Column("at", Moment, nullable=False),
    Column("reason", ShownText, nullable=False),
    Column("undone", Boolean, nullable=False),
    PrimaryKeyConstraint("community_id", "answer", "number"),
    refers(["community_id", "answer"], ["answers.community_id", "answers.answer"]),
)

check_marks = table(
    "check_marks",
    Column("message", ShownText, nullable=False),
    Column("account", ShownText, nullable=False),  # of the message's space
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "message", "account"),
    refers(["community_id", "message"], ["messages.community_id", "messages.message"]),
)
