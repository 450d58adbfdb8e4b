"""Of which stuck insights who was reminded when."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, ShownText
from adapters.storage.schema import refers, table

nudges = table(
    "nudges",
    Column("insight", ShownText, nullable=False),
    Column("number", Integer, nullable=False),  # the place of the step in its order, counted from 1
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "insight", "number"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
)
