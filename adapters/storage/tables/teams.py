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
from knowledge_base.conditions import Joined
from knowledge_base.holdings import Because
from knowledge_base.teams import Delivery, Running
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
    # quiet hours from and until, in the zone's time; none where nothing is quiet
    Column("quiet_start", ShownText),
    Column("quiet_end", ShownText),
    Column("quiet_zone", ShownText),
    Column("cap", Integer),
    Column("steps", Texts, nullable=False, server_default="[]"),
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
    *(
        Column(name, Texts, nullable=False, server_default="[]")
        for name in ("areas", "tones", "urgencies", "languages", "channels", "spaces", "tiers", "others")
    ),
    Column("demand", Integer, nullable=False, server_default="0"),
    # what has to be meant: a sentence in a language, or what an insight's voices say
    *(Column(name, ShownText) for name in ("example_text", "example_language", "example_insight")),
    Column("joined", OneOf(Joined), nullable=False, server_default=Joined.ALL.value),
    Column("delivery", OneOf(Delivery), nullable=False, server_default=Delivery.NOW.value),
    Column("running", OneOf(Running), nullable=False, server_default=Running.ON.value),
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
    # the number of the route that sent it, 0 where that is not known; the step it spoke up at last; when it was sent
    Column("route", Integer, nullable=False, server_default="0"),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("at", Moment),
    PrimaryKeyConstraint("community_id", "insight", "team"),
    UniqueConstraint("community_id", "post"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    Index(None, "community_id", "space", "channel", "at"),
)

holdings = table(
    "holdings",
    Column("insight", ShownText, nullable=False),
    Column("team", ShownText, nullable=False),
    Column("because", OneOf(Because), nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "insight", "team"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
    Index(None, "community_id", "team"),
)

bundles = table(
    "bundles",
    Column("team", ShownText, nullable=False),
    Column("since", Moment, nullable=False),
    Column("post", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "team", "since"),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
)

team_troubles = table(
    "team_troubles",
    Column("team", ShownText, nullable=False),
    Column("told_at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "team"),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
)
