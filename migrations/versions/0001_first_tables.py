"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Create them."""
    _create_places()
    _create_people()
    _create_messages()
    _create_insights()
    _create_voices_and_history()
    _create_tags_and_teams()
    _create_routes_and_cards()
    _create_inbox()
    _create_outbox()
    _create_schedules_and_gaps()


def _create_places() -> None:
    op.create_table(
        "communities",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_insight", sa.Integer(), nullable=False),
        sa.Column("last_route", sa.Integer(), nullable=False),
        sa.Column("last_voice", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_communities")),
    )
    op.create_table(
        "spaces",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", name=op.f("pk_spaces")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_spaces_communities"), deferrable=True
        ),
        sa.UniqueConstraint("space", name=op.f("uq_spaces_space")),
    )
    op.create_table(
        "channels",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("audience_chosen", sa.Boolean(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("mode_chosen", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "channel", name=op.f("pk_channels")),
        sa.ForeignKeyConstraint(
            ["community_id", "space"],
            ["spaces.community_id", "spaces.space"],
            name=op.f("fk_channels_spaces"),
            deferrable=True,
        ),
    )


def _create_people() -> None:
    op.create_table(
        "members",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("share_private", sa.Boolean(), nullable=False),
        sa.Column("consent_changed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("community_id", "member", name=op.f("pk_members")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_members_communities"), deferrable=True
        ),
    )
    op.create_table(
        "accounts",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "account", name=op.f("pk_accounts")),
        sa.ForeignKeyConstraint(
            ["community_id", "member"],
            ["members.community_id", "members.member"],
            name=op.f("fk_accounts_members"),
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_accounts_community_id_member"), "accounts", ["community_id", "member"])
    op.create_table(
        "consents",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("share_private", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("community_id", "member", "number", name=op.f("pk_consents")),
        sa.ForeignKeyConstraint(
            ["community_id", "member"],
            ["members.community_id", "members.member"],
            name=op.f("fk_consents_members"),
            deferrable=True,
        ),
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("thread", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text()),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "message", name=op.f("pk_messages")),
        sa.ForeignKeyConstraint(
            ["community_id", "author"],
            ["members.community_id", "members.member"],
            name=op.f("fk_messages_members"),
            deferrable=True,
        ),
        sa.UniqueConstraint(
            "community_id", "space", "channel", "position", name=op.f("uq_messages_community_id_space_channel_position")
        ),
    )
    op.create_index(op.f("ix_messages_community_id_author"), "messages", ["community_id", "author"])
    op.create_index(op.f("ix_messages_community_id_conversation"), "messages", ["community_id", "conversation"])


def _create_insights() -> None:
    op.create_table(
        "insights",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("titled_by", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("demand", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "insight", name=op.f("pk_insights")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_insights_communities"), deferrable=True
        ),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_insights_community_id_number")),
    )
    op.create_index(op.f("ix_insights_community_id_last_at"), "insights", ["community_id", "last_at"])


def _create_voices_and_history() -> None:
    op.create_table(
        "voices",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "message", name=op.f("pk_voices")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_voices_insights"),
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "message"],
            ["messages.community_id", "messages.message"],
            name=op.f("fk_voices_messages"),
            deferrable=True,
        ),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_voices_community_id_number")),
    )
    op.create_index(op.f("ix_voices_community_id_insight"), "voices", ["community_id", "insight"])
    op.create_table(
        "status_changes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "insight", "number", name=op.f("pk_status_changes")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_status_changes_insights"),
            deferrable=True,
        ),
    )


def _create_tags_and_teams() -> None:
    op.create_table(
        "tags",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reaction", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "name", name=op.f("pk_tags")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_tags_communities"), deferrable=True
        ),
        sa.UniqueConstraint("community_id", "reaction", name=op.f("uq_tags_community_id_reaction")),
    )
    op.create_table(
        "teams",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "team", name=op.f("pk_teams")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_teams_communities"), deferrable=True
        ),
    )


def _create_routes_and_cards() -> None:
    op.create_table(
        "routes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "route", name=op.f("pk_routes")),
        sa.ForeignKeyConstraint(
            ["community_id", "team"],
            ["teams.community_id", "teams.team"],
            name=op.f("fk_routes_teams"),
            deferrable=True,
        ),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_routes_community_id_number")),
    )
    op.create_index(op.f("ix_routes_community_id_team"), "routes", ["community_id", "team"])
    op.create_table(
        "cards",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "insight", "team", name=op.f("pk_cards")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_cards_insights"),
            deferrable=True,
        ),
        sa.UniqueConstraint("community_id", "post", name=op.f("uq_cards_community_id_post")),
    )
    op.create_table(
        "digests",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "post", name=op.f("pk_digests")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_digests_communities"), deferrable=True
        ),
    )
    op.create_index(op.f("ix_digests_community_id_team_until"), "digests", ["community_id", "team", "until"])


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("deletion", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("handle", sa.LargeBinary()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("community_id", "space", "key", name=op.f("uq_inbox_community_id_space_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inbox_community_id_message"), "inbox", ["community_id", "message"])
    op.create_index(op.f("ix_inbox_finished"), "inbox", ["finished_at"])
    op.create_index(op.f("ix_inbox_lane"), "inbox", ["lane", "seq"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index(op.f("ix_inbox_open"), "inbox", ["seq"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index(op.f("ix_inbox_first"), "inbox", ["rank", "seq"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target", sa.Text()),
        sa.Column("payload", sa.Text()),
        sa.Column("handle", sa.LargeBinary()),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("not_before", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text()),
        sa.Column("leased_until", sa.BigInteger()),
        sa.Column("first_claimed_at", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("channel", sa.Text()),
        sa.Column("message", sa.Text()),
        sa.Column("text", sa.Text()),
        sa.Column("sent_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("community_id", "id", name=op.f("uq_outbox_community_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_community_id_channel_message"), "outbox", ["community_id", "channel", "message"])
    op.create_index(
        op.f("ix_outbox_edits"), "outbox", ["community_id", "target"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_index(
        op.f("ix_outbox_line"), "outbox", ["destination", "seq"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_index(op.f("ix_outbox_token"), "outbox", ["token"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)


def _create_schedules_and_gaps() -> None:
    op.create_table(
        "schedules",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "name", name=op.f("pk_schedules")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_schedules_communities"), deferrable=True
        ),
    )
    op.create_index(op.f("ix_schedules_due_at"), "schedules", ["due_at"])
    op.create_table(
        "gaps",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("after", sa.Text()),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "channel", name=op.f("pk_gaps")),
        sa.ForeignKeyConstraint(
            ["community_id", "space"],
            ["spaces.community_id", "spaces.space"],
            name=op.f("fk_gaps_spaces"),
            deferrable=True,
        ),
    )
    op.create_table(
        "watermarks",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "channel", name=op.f("pk_watermarks")),
        sa.ForeignKeyConstraint(
            ["community_id", "space"],
            ["spaces.community_id", "spaces.space"],
            name=op.f("fk_watermarks_spaces"),
            deferrable=True,
        ),
    )
