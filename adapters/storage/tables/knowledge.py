"""What was said, and what is known of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)

from adapters.storage.columns import Day, Moment, OneOf, ShownText, Texts
from adapters.storage.schema import refers, table
from knowledge_base.facets import Tone, Urgency
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role

messages = table(
    "messages",
    Column("message", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("position", BigInteger, nullable=False),  # the place in the lane, counting up from 1
    Column("thread", ShownText),
    Column("author", ShownText, nullable=False),
    Column("author_name", ShownText, nullable=False),
    Column("role", OneOf(Role), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", ShownText, nullable=False),
    Column("language", ShownText, nullable=False),
    Column("kind", OneOf(Kind), nullable=False),
    Column("confidence", Double, nullable=False),
    Column("conversation", ShownText, nullable=False),
    Column("reply_to", ShownText),
    Column("version", ShownText, nullable=False),
    Column("link", ShownText),
    Column("deleted", Boolean, nullable=False),
    Column("reasons", Texts, nullable=False),
    Column("tone", OneOf(Tone), nullable=False, server_default=Tone.NEUTRAL.value),
    Column("urgency", OneOf(Urgency), nullable=False, server_default=Urgency.NONE.value),
    Column("competitors", Texts, nullable=False, server_default="[]"),
    Column("area", ShownText),
    PrimaryKeyConstraint("community_id", "message"),
    UniqueConstraint("community_id", "space", "channel", "position"),
    refers(["community_id", "author"], ["members.community_id", "members.member"]),
    Index(None, "community_id", "author"),
    Index(None, "community_id", "conversation"),
    Index(None, "community_id", "space", "channel", "at"),
    Index(
        "ix_messages_thread",
        "community_id",
        "thread",
        sqlite_where=text("thread IS NOT NULL"),
        postgresql_where=text("thread IS NOT NULL"),
    ),
)

insights = table(
    "insights",
    Column("insight", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", OneOf(Kind), nullable=False),
    Column("title", ShownText, nullable=False),
    Column("titled_by", ShownText, nullable=False),
    Column("status", OneOf(Status), nullable=False),
    Column("demand", Integer, nullable=False),  # kept in step with the voices
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("tags", Texts, nullable=False),
    Column("reason", ShownText, nullable=False),
    Column("owner", ShownText),
    Column("merged_into", ShownText),
    Column("due_on", Day),
    Column("link", ShownText, nullable=False, server_default=""),
    PrimaryKeyConstraint("community_id", "insight"),
    UniqueConstraint("community_id", "number"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "last_at"),
    Index(None, "community_id", "status"),
    Index(None, "community_id", "titled_by"),
)

voices = table(
    "voices",
    Column("message", ShownText, nullable=False),
    Column("insight", ShownText, nullable=False),
    Column("number", BigInteger, nullable=False),  # order of adding in the community, never given twice
    Column("circle", ShownText, nullable=False),  # who heard it when it was said
    Column("model", ShownText, nullable=False),  # the name of all models that were asked for its vectors
    PrimaryKeyConstraint("community_id", "message"),
    UniqueConstraint("community_id", "number"),
    refers(["community_id", "message"], ["messages.community_id", "messages.message"]),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    Index(None, "community_id", "insight", "number"),
)

vectors = table(
    "vectors",
    Column("message", ShownText, nullable=False),
    Column("model", ShownText, nullable=False),
    Column("number", BigInteger, nullable=False),  # its voice's, or a later one where it was made again
    Column("size", Integer, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float32, last so that the rest is read without it
    PrimaryKeyConstraint("community_id", "message", "model"),
    UniqueConstraint("community_id", "model", "number"),
    refers(["community_id", "message"], ["voices.community_id", "voices.message"]),
)

status_changes = table(
    "status_changes",
    Column("insight", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", OneOf(Status), nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", ShownText, nullable=False),
    Column("owner", ShownText),
    Column("due_on", Day),
    Column("link", ShownText, nullable=False, server_default=""),
    Column("undoes", Integer),
    PrimaryKeyConstraint("community_id", "insight", "number"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
)

notes = table(
    "notes",
    Column("note", ShownText, nullable=False),
    Column("message", ShownText, nullable=False),
    Column("by", ShownText, nullable=False),
    Column("text", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "note"),
    refers(["community_id", "message"], ["messages.community_id", "messages.message"]),
    Index(None, "community_id", "message"),
    Index(None, "community_id", "by"),
)
