"""What staff and admins did. Triggers, made by the migration, keep entries from being changed or removed."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.audit import Granted
from knowledge_base.members import Role

audit = table(
    "audit",
    Column("entry", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", ShownText, nullable=False),
    Column("role", OneOf(Role), nullable=False),
    Column("deed", ShownText, nullable=False),
    Column("about", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("granted", OneOf(Granted), nullable=False),
    PrimaryKeyConstraint("community_id", "entry"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "at"),
)
