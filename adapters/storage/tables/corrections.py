"""What staff corrected, and what they said of learning from it."""

from sqlalchemy import Column, Double, Index, Integer, PrimaryKeyConstraint, UniqueConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.corrections import CorrectionSort
from knowledge_base.kinds import Kind
from knowledge_base.steps import StepSort

corrections = table(
    "corrections",
    Column("correction", ShownText, nullable=False),
    Column("number", Integer, nullable=False),  # order of adding
    Column("sort", OneOf(CorrectionSort), nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("message", ShownText),
    Column("insight", ShownText),
    Column("other", ShownText),
    Column("cosine", Double),
    Column("was_kind", OneOf(Kind)),
    Column("is_kind", OneOf(Kind)),
    Column("confidence", Double),
    Column("undone_at", Moment),
    Column("model", ShownText),
    PrimaryKeyConstraint("community_id", "correction"),
    UniqueConstraint("community_id", "number"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "insight"),
    Index(None, "community_id", "other"),
)

learning_steps = table(
    "learning_steps",
    Column("number", Integer, nullable=False),
    Column("sort", OneOf(StepSort), nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("correction", ShownText),
    PrimaryKeyConstraint("community_id", "number"),
    refers(["community_id"], ["communities.community_id"]),
)
