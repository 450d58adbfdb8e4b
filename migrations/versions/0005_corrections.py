"""What staff corrected: merges and splits with what they moved; what may be the same; who heard each voice."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "corrections",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("insight", sa.Text()),
        sa.Column("other", sa.Text()),
        sa.Column("cosine", sa.Double()),
        sa.Column("was_kind", sa.Text()),
        sa.Column("is_kind", sa.Text()),
        sa.Column("confidence", sa.Double()),
        sa.Column("undone_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("community_id", "correction", name=op.f("pk_corrections")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_corrections_community_id_number")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_corrections_communities"), deferrable=True
        ),
    )
    op.create_index(op.f("ix_corrections_community_id_insight"), "corrections", ["community_id", "insight"])
    op.create_index(op.f("ix_corrections_community_id_other"), "corrections", ["community_id", "other"])
    _regroupings()
    _suggestions()
    op.add_column("insights", sa.Column("merged_into", sa.Text()))
    op.create_index(op.f("ix_insights_community_id_titled_by"), "insights", ["community_id", "titled_by"])
    op.add_column("voices", sa.Column("circle", sa.Text(), nullable=False, server_default=""))
    op.execute(_circles())


def _regroupings() -> None:
    op.create_table(
        "regroupings",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "correction", name=op.f("pk_regroupings")),
        sa.ForeignKeyConstraint(
            ["community_id", "correction"],
            ["corrections.community_id", "corrections.correction"],
            name=op.f("fk_regroupings_corrections"),
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_regroupings_community_id_destination"), "regroupings", ["community_id", "destination"])
    op.create_index(op.f("ix_regroupings_community_id_origin"), "regroupings", ["community_id", "origin"])
    op.create_table(
        "moved_voices",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "correction", "number", name=op.f("pk_moved_voices")),
        sa.ForeignKeyConstraint(
            ["community_id", "correction"],
            ["regroupings.community_id", "regroupings.correction"],
            name=op.f("fk_moved_voices_regroupings"),
            deferrable=True,
        ),
    )


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("cosine", sa.Double(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("refusal", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "insight", "other", name=op.f("pk_suggestions")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_suggestions_insights"),
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_suggestions_community_id_other"), "suggestions", ["community_id", "other"])


def _circles() -> sa.Update:
    """Who hears each voice by what is known of its channel now; where nothing is, those in that channel alone."""
    voices, messages, channels = (
        sa.table(name, *(sa.column(column) for column in ("community_id", "message", "space", "channel", *more)))
        for name, more in (("voices", ("circle",)), ("messages", ()), ("channels", ("audience", "shared")))
    )
    its_message = (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message)
    its_channel = (
        (channels.c.community_id == messages.c.community_id)
        & (channels.c.space == messages.c.space)
        & (channels.c.channel == messages.c.channel)
    )
    readers = sa.case(
        (sa.func.coalesce(channels.c.shared, "unknown") != "no", "shared"),
        else_=sa.func.coalesce(channels.c.audience, "private"),
    )
    circle = sa.case(
        (readers.in_(("public", "internal")), readers),
        (readers == "members", readers + "/" + messages.c.space),
        else_=readers + "/" + messages.c.space + "/" + messages.c.channel,
    )
    known = sa.select(circle).select_from(messages.outerjoin(channels, its_channel)).where(its_message)
    return sa.update(voices).values(circle=known.scalar_subquery())
