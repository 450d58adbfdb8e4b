"""How teams are told: what they want, which digests stand where, and of what they were told."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText, Texts
from adapters.storage.schema import refers, table
from knowledge_base.digests import DigestPart, DigestState

digest_settings = table(
    "digest_settings",
    Column("team", ShownText, nullable=False),
    Column("rule", ShownText, nullable=False),
    Column("zone", ShownText, nullable=False),
    Column("language", ShownText, nullable=False),
    Column("length", Integer, nullable=False),
    Column("parts", Texts, nullable=False),
    Column("state", OneOf(DigestState), nullable=False),
    Column("told_until", Moment),
    Column("told_voice", BigInteger, nullable=False),
    Column("unposted", Moment),
    Column("tiers", Texts),  # none: every one
    PrimaryKeyConstraint("community_id", "team"),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
)

digests = table(
    "digests",
    Column("post", ShownText, nullable=False),
    Column("team", ShownText, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("after", BigInteger, nullable=False, server_default="0"),
    Column("upto", BigInteger, nullable=False, server_default="0"),
    Column("due", Moment),
    Column("unposted", Moment),
    PrimaryKeyConstraint("community_id", "post"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "team", "until"),
    Index("uq_digests_window", "community_id", "team", "due", unique=True),
)

told_insights = table(
    "told_insights",
    Column("team", ShownText, nullable=False),
    Column("part", OneOf(DigestPart), nullable=False),  # as new, or as shipped
    Column("insight", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "team", "part", "insight"),
    Index(None, "community_id", "insight"),
    Index(None, "community_id", "team", "at", "part", "insight"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
)
