"""Who was welcomed."""

from sqlalchemy import Column, PrimaryKeyConstraint

from adapters.storage.columns import Moment, ShownText
from adapters.storage.schema import refers, table

welcomes = table(
    "welcomes",
    Column("member", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "member"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
)
