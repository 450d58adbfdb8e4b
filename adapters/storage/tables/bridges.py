"""The bridge: questions to customers, who was asked by which post, and what was carried over."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.bridges import QuestionState

questions = table(
    "questions",
    Column("question", ShownText, nullable=False),
    Column("insight", ShownText, nullable=False),
    # one that was removed since keeps its questions
    Column("team", ShownText, nullable=False),
    Column("text", ShownText, nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", OneOf(QuestionState), nullable=False),
    PrimaryKeyConstraint("community_id", "question"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    Index(None, "community_id", "insight"),
    Index(None, "community_id", "state"),
)

addressees = table(
    "addressees",
    Column("question", ShownText, nullable=False),
    Column("member", ShownText, nullable=False),
    Column("message", ShownText, nullable=False),
    Column("post", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    # none: asked alone
    Column("channel", ShownText),
    Column("thread", ShownText),
    PrimaryKeyConstraint("community_id", "question", "member"),
    refers(["community_id", "question"], ["questions.community_id", "questions.question"]),
)

carried = table(
    "carried",
    Column("question", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("asked", ShownText, nullable=False),
    Column("post", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    # none: to one alone
    Column("channel", ShownText),
    Column("at", Moment, nullable=False),
    # none: from the team
    Column("source", ShownText),
    Column("by", ShownText),
    Column("text", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "question", "number"),
    refers(["community_id", "question"], ["questions.community_id", "questions.question"]),
    Index("uq_carried_source", "community_id", "source", unique=True),
    Index(None, "community_id", "space", "channel"),
)
