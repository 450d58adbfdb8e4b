"""What waits: events and actions, schedules, gaps."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import Sequence, refers, table
from dialogue.rows import OutboxState

inbox = table(
    "inbox",
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("space", ShownText, nullable=False),
    Column("lane", ShownText, nullable=False),
    Column("key", ShownText, nullable=False),
    Column("message", ShownText),  # whose message a posted, edited or deleted event tells of
    Column("deletion", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),  # 0 for interactions, which go first; else 1
    Column("state", ShownText, nullable=False),  # open, done or dead
    Column("payload", ShownText),  # wiped once it is done
    Column("handle", LargeBinary),  # an interaction's sealed reply handle
    Column("tries", Integer, nullable=False),
    Column("held_until", Moment),
    Column("error", ShownText),
    Column("received_at", Moment, nullable=False),
    Column("finished_at", Moment),
    UniqueConstraint("community_id", "space", "key"),
    Index(None, "community_id", "message"),
    Index("ix_inbox_open", "seq", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index(
        "ix_inbox_first", "rank", "seq", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")
    ),
    Index("ix_inbox_lane", "lane", "seq", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index("ix_inbox_finished", "finished_at"),
    sqlite_autoincrement=True,
)

outbox = table(
    "outbox",
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("id", ShownText, nullable=False),
    Column("destination", ShownText, nullable=False),
    Column("action", ShownText, nullable=False),
    Column("target", ShownText),  # the post that an edit changes
    Column("under", ShownText),  # the post in whose thread this one goes
    Column("payload", ShownText),  # wiped once it ended
    Column("handle", LargeBinary),  # a sealed reply handle, wiped once it ended
    Column("cause", ShownText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("state", OneOf(OutboxState), nullable=False),
    Column("not_before", Moment),
    Column("attempts", Integer, nullable=False),
    Column("token", ShownText),
    Column("leased_until", Moment),
    Column("first_claimed_at", Moment),
    Column("reason", ShownText),
    Column("channel", ShownText),  # where a sent post is
    Column("message", ShownText),
    Column("text", ShownText),  # what a sent post says now
    Column("sent_at", Moment),
    UniqueConstraint("community_id", "id"),
    Index("ix_outbox_open", "seq", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index(
        "ix_outbox_sent",
        "community_id",
        "sent_at",
        sqlite_where=text("state = 'sent'"),
        postgresql_where=text("state = 'sent'"),
    ),
    Index(
        "ix_outbox_line",
        "destination",
        "seq",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    # random and so unique by itself; a constraint would be one more key without its community
    Index("ix_outbox_token", "token", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index(
        "ix_outbox_edits",
        "community_id",
        "target",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(None, "community_id", "channel", "message"),
    sqlite_autoincrement=True,
)

schedules = table(
    "schedules",
    Column("name", ShownText, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("rule", ShownText, nullable=False),
    Column("zone", ShownText, nullable=False),
    Column("due_at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "name"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "due_at"),
)

gaps = table(
    "gaps",
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("after", ShownText),
    Column("opened_at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "space", "channel"),
    refers(["community_id", "space"], ["spaces.community_id", "spaces.space"]),
)

watermarks = table(
    "watermarks",
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    Column("message", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "space", "channel"),
    refers(["community_id", "space"], ["spaces.community_id", "spaces.space"]),
)
