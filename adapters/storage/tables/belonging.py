"""Who was welcomed, who is a learning partner, and what partners were told."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.insights import Status
from knowledge_base.partners import PartnerState

welcomes = table(
    "welcomes",
    Column("member", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "member"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
)

partner_groups = table(
    "partner_groups",
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    # the platform's role that opens the channel; empty for none
    Column("role", ShownText, nullable=False),
    Column("told_until", Moment, nullable=False),
    Column("told_voice", BigInteger, nullable=False),
    PrimaryKeyConstraint("community_id"),
    refers(["community_id"], ["communities.community_id"]),
)

partners = table(
    "partners",
    Column("member", ShownText, nullable=False),
    Column("state", OneOf(PartnerState), nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "member"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
)

summaries = table(
    "summaries",
    Column("post", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "post"),
    refers(["community_id"], ["communities.community_id"]),
)

summary_lines = table(
    "summary_lines",
    Column("post", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("insight", ShownText, nullable=False),
    # what its voices were told; none where partners said it
    Column("status", OneOf(Status)),
    PrimaryKeyConstraint("community_id", "post", "number"),
    refers(["community_id", "post"], ["summaries.community_id", "summaries.post"]),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    Index(None, "community_id", "insight"),
)
