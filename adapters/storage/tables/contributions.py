"""What came of what people gave, the levels that lead from there, and the boards."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, UniqueConstraint

from adapters.storage.columns import Day, Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.contributions import CauseKind, Contributed, Guard

contributions = table(
    "contributions",
    Column("contribution", ShownText, nullable=False),
    Column("member", ShownText, nullable=False),
    Column("kind", OneOf(Contributed), nullable=False),
    Column("points", Integer, nullable=False),
    Column("cause_kind", OneOf(CauseKind), nullable=False),
    Column("cause", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", ShownText),
    Column("step", Integer, nullable=False),
    Column("guard", OneOf(Guard)),
    Column("reversed_at", Moment),
    PrimaryKeyConstraint("community_id", "contribution"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
    Index(None, "community_id", "member", "at"),
    Index(None, "community_id", "cause"),
    Index(None, "community_id", "by", "at"),
    Index(None, "community_id", "at"),
)

levels = table(
    "levels",
    Column("name", ShownText, nullable=False),
    Column("threshold", Integer, nullable=False),
    # the role that goes with it
    Column("space", ShownText),
    Column("group_id", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "name"),
    UniqueConstraint("community_id", "threshold"),
    refers(["community_id"], ["communities.community_id"]),
)

level_roles = table(
    "level_roles",
    Column("space", ShownText, nullable=False),
    Column("account", ShownText, nullable=False),
    Column("group_id", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "space", "account", "group_id"),
    refers(["community_id", "space", "account"], ["accounts.community_id", "accounts.space", "accounts.account"]),
)

seasons = table(
    "seasons",
    Column("name", ShownText, nullable=False),
    Column("first", Day, nullable=False),
    Column("last", Day, nullable=False),
    PrimaryKeyConstraint("community_id", "name"),
    refers(["community_id"], ["communities.community_id"]),
)

board_members = table(
    "board_members",
    Column("member", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "member"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
)
