"""Every table. Each leads with ``community_id``: the wall between tenants, and what a database is divided by.

So does every key but four:

* ``spaces`` is also unique by ``space``: it is the directory that finds a community, before that is known.
* ``codes`` is also unique by ``digest``: whoever enters a code need not know whose it is.
* ``inbox`` and ``outbox`` have ``seq`` alone as primary key: each is one line of all communities, which every worker
  reads from its head, and a row is named by its place there. SQLite counts up by itself only a key of one column; with
  ``community_id`` before it a second index and our own counting would be needed, and inserting would cost 8 % more.

``migrations/`` builds the same tables; a test compares the two.
"""

from typing import Final

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
    false,
    text,
)

from adapters.storage import schema
from adapters.storage.columns import Moment, OneOf, ShownText, Texts
from adapters.storage.schema import Sequence, refers, table
from dialogue.rows import OutboxState
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.codes import Purpose
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Recording, Role

metadata: Final = schema.metadata
"""Every table: they are all in it once this file has been read."""

# ---- who and where ------------------------------------------------------------------------------------------------

communities = table(
    "communities",
    Column("name", ShownText, nullable=False),
    Column("created_at", Moment, nullable=False),
    # the last number given: an insight's and a route's short name, and the order of voices
    Column("last_insight", Integer, nullable=False),
    Column("last_route", Integer, nullable=False),
    Column("last_voice", BigInteger, nullable=False),
    # where admins hear what needs them
    Column("admin_space", ShownText),
    Column("admin_channel", ShownText),
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
    PrimaryKeyConstraint("community_id", "member", "number"),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
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

# ---- what was said and what is known of it ------------------------------------------------------------------------

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
    PrimaryKeyConstraint("community_id", "message"),
    UniqueConstraint("community_id", "space", "channel", "position"),
    refers(["community_id", "author"], ["members.community_id", "members.member"]),
    Index(None, "community_id", "author"),
    Index(None, "community_id", "conversation"),
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
    PrimaryKeyConstraint("community_id", "insight"),
    UniqueConstraint("community_id", "number"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "last_at"),
)

voices = table(
    "voices",
    Column("message", ShownText, nullable=False),
    Column("insight", ShownText, nullable=False),
    Column("number", BigInteger, nullable=False),  # order of adding in the community, never given twice
    Column("model", ShownText, nullable=False),
    Column("size", Integer, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float32, last so that the rest is read without it
    PrimaryKeyConstraint("community_id", "message"),
    UniqueConstraint("community_id", "number"),
    refers(["community_id", "message"], ["messages.community_id", "messages.message"]),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
    Index(None, "community_id", "insight"),
)

status_changes = table(
    "status_changes",
    Column("insight", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", OneOf(Status), nullable=False),
    Column("by", ShownText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "insight", "number"),
    refers(["community_id", "insight"], ["insights.community_id", "insights.insight"]),
)

# ---- who acts -----------------------------------------------------------------------------------------------------

tags = table(
    "tags",
    Column("name", ShownText, nullable=False),
    Column("reaction", ShownText),
    PrimaryKeyConstraint("community_id", "name"),
    UniqueConstraint("community_id", "reaction"),
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

digests = table(
    "digests",
    Column("post", ShownText, nullable=False),
    Column("team", ShownText, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("space", ShownText, nullable=False),
    Column("channel", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "post"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "community_id", "team", "until"),
)

# ---- what waits ---------------------------------------------------------------------------------------------------

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
