"""Who acts: tags, teams, routes, and what they were sent."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
)

from adapters.storage.columns import Moment, OneOf, ShownText, Texts
from adapters.storage.schema import refers, table
from knowledge_base.holdings import Because
from knowledge_base.topics import TopicKind

tags = table(
    "tags",
    Column("name", ShownText, nullable=False),
    Column("reaction", ShownText),
    PrimaryKeyConstraint("community_id", "name"),
    UniqueConstraint("community_id", "reaction"),
    refers(["community_id"], ["communities.community_id"]),
)

topics = table(
    "topics",
    Column("kind", OneOf(TopicKind), nullable=False),
    Column("name", ShownText, nullable=False),
    Column("words", Texts, nullable=False),
    PrimaryKeyConstraint("community_id", "kind", "name"),
    refers(["community_id"], ["communities.community_id"]),
)

teams = table(
    "teams",
    Column("team", ShownText, nullable=False),
    Column("name", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "team"),
    refers(["community_id"], ["communities.community_id"]),
)

routes = table(
    "routes",
    Column("route", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("team", ShownText, nullable=False),
    Column("tags", Texts, nullable=False),
    Column("kinds", Texts, nullable=False),
    Column("words", Texts, nullable=False),
    PrimaryKeyConstraint("community_id", "route"),
    UniqueConstraint("community_id", "number"),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
    Index(None, "community_id", "team"),
)

cards = table(
    "cards",
    Column("insight", ShownText, nullable=False),
    Column("team", ShownText, nullable=False),
    Column("post", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "insight", "team"),
    UniqueConstraint("community_id", "post"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
)

holdings = table(
    "holdings",
    Column("insight", ShownText, nullable=False),
    Column("team", ShownText, nullable=False),
    Column("route", ShownText, nullable=False),
    Column("because", OneOf(Because), nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "insight", "team"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
    Index(None, "community_id", "team"),
)
