"""Reminders: the rules, who was reminded of what, and who wants none, or by which clock."""

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.reminders import ReminderState, When, Whom

reminders = table(
    "reminders",
    Column("number", Integer, nullable=False),
    Column("occasion", OneOf(When), nullable=False),
    Column("text", ShownText, nullable=False),
    Column("seed", ShownText, nullable=False),
    Column("since", Moment, nullable=False),
    Column("reminds", OneOf(Whom), nullable=False),
    Column("tier", ShownText, nullable=False),
    # the percent of people who are held back
    Column("share", Integer, nullable=False),
    # how many others have to have asked what an answer settles
    Column("times", Integer, nullable=False),
    Column("state", OneOf(ReminderState), nullable=False),
    PrimaryKeyConstraint("community_id", "number"),
    refers(["community_id"], ["communities.community_id"]),
)

reminder_settings = table(
    "reminder_settings",
    Column("cap", Integer, nullable=False),
    Column("quiet_start", ShownText),
    Column("quiet_end", ShownText),
    Column("quiet_zone", ShownText),
    PrimaryKeyConstraint("community_id"),
    refers(["community_id"], ["communities.community_id"]),
)

reminded = table(
    "reminded",
    # the rule's number, a colon, and what names it among those of the rule
    Column("occasion", ShownText, nullable=False),
    Column("member", ShownText, nullable=False),
    Column("rule", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("message", ShownText, nullable=False),
    Column("held", Boolean, nullable=False),
    PrimaryKeyConstraint("community_id", "occasion", "member"),
    refers(["community_id", "rule"], ["reminders.community_id", "reminders.number"]),
    Index(None, "community_id", "member", "at"),
    Index(None, "community_id", "rule", "at"),
)

reminder_stops = table(
    "reminder_stops",
    Column("member", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "member"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
)

reminder_zones = table(
    "reminder_zones",
    Column("member", ShownText, nullable=False),
    Column("zone", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "member"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
)
