"""What staff say of learning from what they corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of steps."""
    op.create_table(
        "learning_steps",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("correction", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_learning_steps")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_learning_steps_communities"), deferrable=True
        ),
    )
