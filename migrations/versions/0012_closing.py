"""What voices are to hear, who is told by which post, and who does not want to hear."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their tables."""
    op.create_table(
        "announcements",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("announcement", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "announcement", name=op.f("pk_announcements")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_announcements_insights"),
            deferrable=True,
        ),
    )
    op.create_index("ix_announcements_community_id_insight", "announcements", ["community_id", "insight"])
    _tellings()
    op.create_table(
        "mutes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member", "insight", name=op.f("pk_mutes")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_mutes_communities"), deferrable=True
        ),
    )


def _tellings() -> None:
    op.create_table(
        "tellings",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("announcement", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "announcement", "member", name=op.f("pk_tellings")),
        sa.ForeignKeyConstraint(
            ["community_id", "announcement"],
            ["announcements.community_id", "announcements.announcement"],
            name=op.f("fk_tellings_announcements"),
            deferrable=True,
        ),
    )
    op.create_index("ix_tellings_community_id_post", "tellings", ["community_id", "post"])
    op.create_index("ix_tellings_community_id_message", "tellings", ["community_id", "message"])
