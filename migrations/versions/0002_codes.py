"""Codes by which a space joins a community and a person links two accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "codes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("entry_community", sa.Text()),
        sa.Column("entry_member", sa.Text()),
        sa.Column("entry_space", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "digest", name=op.f("pk_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_codes_digest")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_codes_communities"), deferrable=True
        ),
    )
    op.create_index(op.f("ix_codes_expires_at"), "codes", ["expires_at"])
