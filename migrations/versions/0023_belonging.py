"""The welcome that newcomers get, learning partners with their summaries, and who may do what."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is welcomed before admins want it, and nobody is a partner."""
    _welcome()
    _partners()
    _summaries()
    _permissions()


def _welcome() -> None:
    op.add_column("communities", sa.Column("welcoming", sa.Text(), nullable=False, server_default="off"))
    op.add_column("communities", sa.Column("welcome_words", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "welcomes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member", name=op.f("pk_welcomes")),
        sa.ForeignKeyConstraint(
            ["community_id", "member"],
            ["members.community_id", "members.member"],
            name=op.f("fk_welcomes_members"),
            deferrable=True,
        ),
    )


def _partners() -> None:
    op.create_table(
        "partner_groups",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("told_until", sa.BigInteger(), nullable=False),
        sa.Column("told_voice", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_partner_groups")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_partner_groups_communities"), deferrable=True
        ),
    )
    op.create_table(
        "partners",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member", name=op.f("pk_partners")),
        sa.ForeignKeyConstraint(
            ["community_id", "member"],
            ["members.community_id", "members.member"],
            name=op.f("fk_partners_members"),
            deferrable=True,
        ),
    )


def _summaries() -> None:
    op.create_table(
        "summaries",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "post", name=op.f("pk_summaries")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_summaries_communities"), deferrable=True
        ),
    )
    op.create_table(
        "summary_lines",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("status", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "post", "number", name=op.f("pk_summary_lines")),
        sa.ForeignKeyConstraint(
            ["community_id", "post"],
            ["summaries.community_id", "summaries.post"],
            name=op.f("fk_summary_lines_summaries"),
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_summary_lines_insights"),
            deferrable=True,
        ),
    )
    op.create_index("ix_summary_lines_community_id_insight", "summary_lines", ["community_id", "insight"])


def _permissions() -> None:
    op.create_table(
        "permissions",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "act", name=op.f("pk_permissions")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_permissions_communities"), deferrable=True
        ),
    )
