"""What merges and splits moved, and which insights may be the same."""

from sqlalchemy import Column, Double, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText, Texts
from adapters.storage.schema import refers, table
from knowledge_base.insights import Status

regroupings = table(
    "regroupings",
    Column("correction", ShownText, nullable=False),
    Column("origin", ShownText, nullable=False),
    Column("destination", ShownText, nullable=False),
    Column("status", OneOf(Status), nullable=False),  # the origin's before
    Column("reason", ShownText, nullable=False),
    Column("tags", Texts, nullable=False),  # what the destination has from the origin alone
    PrimaryKeyConstraint("community_id", "correction"),
    refers(["community_id", "correction"], ["corrections.community_id", "corrections.correction"]),
    Index(None, "community_id", "destination"),
    Index(None, "community_id", "origin"),
)

moved_voices = table(
    "moved_voices",
    Column("correction", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("message", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "correction", "number"),
    refers(["community_id", "correction"], ["regroupings.community_id", "regroupings.correction"]),
)

suggestions = table(
    "suggestions",
    Column("insight", ShownText, nullable=False),
    Column("other", ShownText, nullable=False),
    Column("cosine", Double, nullable=False),
    Column("at", Moment, nullable=False),
    Column("refusal", ShownText),
    PrimaryKeyConstraint("community_id", "insight", "other"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    Index(None, "community_id", "other"),
)
