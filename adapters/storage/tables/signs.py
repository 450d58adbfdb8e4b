"""Early signs: who is told, of what they were told, what was said of it, and what is silenced."""

from sqlalchemy import Column, Double, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText, Texts
from adapters.storage.schema import refers, table
from knowledge_base.signs import SignSort

sign_settings = table(
    "sign_settings",
    Column("team", ShownText, nullable=False),
    Column("people", Integer, nullable=False),
    Column("sorts", Texts, nullable=False),
    PrimaryKeyConstraint("community_id"),
    refers(["community_id", "team"], ["teams.community_id", "teams.team"]),
)

signs = table(
    "signs",
    Column("post", ShownText, nullable=False),
    Column("sort", OneOf(SignSort), nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("competitor", ShownText, nullable=False),
    Column("people", Integer, nullable=False),
    Column("of", Integer, nullable=False),
    Column("usual", Double, nullable=False),
    Column("at", Moment, nullable=False),
    Column("over_at", Moment),
    # where the post stands
    Column("team_space", ShownText, nullable=False),
    Column("team_channel", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "post"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "space", "channel"),
    Index(None, "community_id", "team_space", "team_channel"),
)

sign_evidence = table(
    "sign_evidence",
    Column("post", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("message", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "post", "number"),
    refers(["community_id", "post"], ["signs.community_id", "signs.post"]),
    refers(["community_id", "message"], ["messages.community_id", "messages.message"]),
    Index(None, "community_id", "message"),
)

sign_silences = table(
    "sign_silences",
    Column("sort", OneOf(SignSort), nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("competitor", ShownText, nullable=False),
    Column("until", Moment),
    PrimaryKeyConstraint("community_id", "sort", "space", "channel", "competitor"),
    refers(["community_id"], ["communities.community_id"]),
)
