"""What staff corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "corrections",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_corrections_communities"), deferrable=True
        ),
    )
    op.create_index(op.f("ix_corrections_community_id_at"), "corrections", ["community_id", "at"])
