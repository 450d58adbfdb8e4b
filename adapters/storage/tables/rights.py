"""How long what was said is kept, and the terms on which it is given."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.channels import Audience

retentions = table(
    "retentions",
    Column("audience", OneOf(Audience), nullable=False),
    Column("days", Integer, nullable=False),
    PrimaryKeyConstraint("community_id", "audience"),
    refers(["community_id"], ["communities.community_id"]),
)

terms = table(
    "terms",
    Column("version", Integer, nullable=False),
    Column("text", ShownText, nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "version"),
    refers(["community_id"], ["communities.community_id"]),
)
