"""Who there is, and where: communities, spaces, channels and members."""

import json

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
)

from adapters.storage.columns import Moment, OneOf, ShownText, Texts
from adapters.storage.schema import refers, table
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.codes import Purpose
from knowledge_base.escalations import A_DAY, DAYS, Weekly
from knowledge_base.members import Naming, Policy, Recording, Role, Way
from knowledge_base.statuses import TOLD_AT_FIRST
from knowledge_base.welcomes import Welcoming

communities = table(
    "communities",
    Column("name", ShownText, nullable=False),
    Column("created_at", Moment, nullable=False),
    # the last number given: an insight's and a route's short name, and the order of voices
    Column("last_insight", Integer, nullable=False),
    Column("last_route", Integer, nullable=False),
    Column("last_voice", BigInteger, nullable=False),
    # another one each time that a route is changed
    Column("routes_version", ShownText, nullable=False, server_default=""),
    # where admins hear what needs them
    Column("admin_space", ShownText),
    Column("admin_channel", ShownText),
    # after how many days an insight is stuck (0: never), how many reminders there are a day, whether admins get a line
    Column("stuck_days", Integer, nullable=False, server_default=str(DAYS)),
    Column("nudges_a_day", Integer, nullable=False, server_default=str(A_DAY)),
    Column("weekly_line", OneOf(Weekly), nullable=False, server_default=Weekly.ON.value),
    Column("policy", OneOf(Policy), nullable=False, server_default=Policy.NOTICE),
    # the statuses of which customers are told
    Column("told", Texts, nullable=False, server_default=json.dumps(TOLD_AT_FIRST)),
    # whether newcomers are welcomed, and in which words; empty for the ready ones
    Column("welcoming", OneOf(Welcoming), nullable=False, server_default=Welcoming.OFF.value),
    Column("welcome_words", ShownText, nullable=False, server_default=""),
    PrimaryKeyConstraint("community_id"),
)

spaces = table(
    "spaces",
    Column("space", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "space"),
    UniqueConstraint("space"),
    refers(["community_id"], ["communities.community_id"]),
)

channels = table(
    "channels",
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("name", ShownText, nullable=False),
    Column("audience", OneOf(Audience), nullable=False),
    Column("audience_chosen", Boolean, nullable=False),
    # what the platform says; none where it was not asked since this column is there
    Column("audience_told", OneOf(Audience)),
    Column("mode", OneOf(Mode), nullable=False),
    Column("mode_chosen", Boolean, nullable=False),
    Column("shared", OneOf(Shared), nullable=False),
    Column("direct", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("community_id", "space", "channel"),
    refers(["community_id", "space"], ["spaces.community_id", "spaces.space"]),
)

groups = table(
    "groups",
    Column("space", ShownText, nullable=False),
    Column("group_id", ShownText, nullable=False),
    Column("role", OneOf(Role), nullable=False),
    PrimaryKeyConstraint("community_id", "space", "group_id"),
    refers(["community_id", "space"], ["spaces.community_id", "spaces.space"]),
)

# the role that a command needs, where admins chose another than it usually does
permissions = table(
    "permissions",
    Column("act", ShownText, nullable=False),
    Column("role", OneOf(Role), nullable=False),
    PrimaryKeyConstraint("community_id", "act"),
    refers(["community_id"], ["communities.community_id"]),
)

tiers = table(
    "tiers",
    Column("space", ShownText, nullable=False),
    Column("group_id", ShownText, nullable=False),
    Column("tier", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "space", "group_id"),
    refers(["community_id", "space"], ["spaces.community_id", "spaces.space"]),
)

reports = table(
    "reports",
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("permission", ShownText, nullable=False),
    Column("told", Boolean, nullable=False),
    PrimaryKeyConstraint("community_id", "space", "channel", "permission"),
    refers(["community_id", "space"], ["spaces.community_id", "spaces.space"]),
)

members = table(
    "members",
    Column("member", ShownText, nullable=False),
    Column("name", ShownText, nullable=False),
    Column("role", OneOf(Role), nullable=False),
    Column("recording", OneOf(Recording), nullable=False),
    Column("share_private", Boolean, nullable=False),
    Column("consent_changed_at", Moment),
    Column("tier", ShownText, nullable=False, server_default=""),
    Column("naming", OneOf(Naming), nullable=False, server_default=Naming.UNSAID),
    Column("way", OneOf(Way), nullable=False, server_default=Way.COMMAND),
    PrimaryKeyConstraint("community_id", "member"),
    refers(["community_id"], ["communities.community_id"]),
)

accounts = table(
    "accounts",
    Column("space", ShownText, nullable=False),
    Column("account", ShownText, nullable=False),
    Column("member", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "space", "account"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
    Index(None, "community_id", "member"),
)

consents = table(
    "consents",
    Column("member", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("recording", OneOf(Recording), nullable=False),
    Column("share_private", Boolean, nullable=False),
    Column("changed_at", Moment),
    Column("naming", OneOf(Naming), nullable=False, server_default=Naming.UNSAID),
    Column("way", OneOf(Way), nullable=False, server_default=Way.COMMAND),
    PrimaryKeyConstraint("community_id", "member", "number"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
)

# whose consent was asked for, once; of what they said nothing is kept
consent_requests = table(
    "consent_requests",
    Column("space", ShownText, nullable=False),
    Column("account", ShownText, nullable=False),
    Column("asked_at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "space", "account"),
    refers(["community_id", "space"], ["spaces.community_id", "spaces.space"]),
)

codes = table(
    "codes",
    Column("digest", ShownText, nullable=False),
    Column("purpose", OneOf(Purpose), nullable=False),
    Column("member", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("expires_at", Moment, nullable=False),
    # who has entered it
    Column("entry_community", ShownText),
    Column("entry_member", ShownText),
    Column("entry_space", ShownText),
    PrimaryKeyConstraint("community_id", "digest"),
    UniqueConstraint("digest"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "expires_at"),
)
