"""What admins choose at first: whose roles mean staff, and where admins hear what needs them. And direct channels."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their columns and table."""
    op.add_column("communities", sa.Column("admin_space", sa.Text()))
    op.add_column("communities", sa.Column("admin_channel", sa.Text()))
    op.add_column("channels", sa.Column("direct", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("channels", sa.Column("audience_told", sa.Text()))
    op.create_index(
        op.f("ix_messages_thread"),
        "messages",
        ["community_id", "thread"],
        sqlite_where=sa.text("thread IS NOT NULL"),
        postgresql_where=sa.text("thread IS NOT NULL"),
    )
    op.create_table(
        "reports",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "channel", "permission", name=op.f("pk_reports")),
        sa.ForeignKeyConstraint(
            ["community_id", "space"],
            ["spaces.community_id", "spaces.space"],
            name=op.f("fk_reports_spaces"),
            deferrable=True,
        ),
    )
    op.create_table(
        "groups",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "group_id", name=op.f("pk_groups")),
        sa.ForeignKeyConstraint(
            ["community_id", "space"],
            ["spaces.community_id", "spaces.space"],
            name=op.f("fk_groups_spaces"),
            deferrable=True,
        ),
    )
