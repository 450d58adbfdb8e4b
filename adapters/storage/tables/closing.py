"""Closing the loop: what voices are to hear, who is told by which post, and who does not want to hear."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.announcements import AnnouncementState
from knowledge_base.insights import Status

announcements = table(
    "announcements",
    Column("announcement", ShownText, nullable=False),
    Column("insight", ShownText, nullable=False),
    Column("change", Integer, nullable=False),
    Column("status", OneOf(Status), nullable=False),
    Column("text", ShownText, nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", OneOf(AnnouncementState), nullable=False),
    PrimaryKeyConstraint("community_id", "announcement"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    Index(None, "community_id", "insight"),
)

tellings = table(
    "tellings",
    Column("announcement", ShownText, nullable=False),
    Column("member", ShownText, nullable=False),
    Column("message", ShownText, nullable=False),
    Column("post", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    # none: told alone
    Column("channel", ShownText),
    PrimaryKeyConstraint("community_id", "announcement", "member"),
    refers(["community_id", "announcement"], ["announcements.community_id", "announcements.announcement"]),
    Index(None, "community_id", "post"),
    Index(None, "community_id", "message"),
)

mutes = table(
    "mutes",
    Column("member", ShownText, nullable=False),
    # of an insight, or where it is empty of every one
    Column("insight", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "member", "insight"),
    refers(["community_id"], ["communities.community_id"]),
)
