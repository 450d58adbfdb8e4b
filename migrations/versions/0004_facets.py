"""What a message tells besides its kind, and what a community wants to be looked out for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their columns and table."""
    op.add_column("messages", sa.Column("tone", sa.Text(), nullable=False, server_default="neutral"))
    op.add_column("messages", sa.Column("urgency", sa.Text(), nullable=False, server_default="none"))
    op.add_column("messages", sa.Column("competitors", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("messages", sa.Column("area", sa.Text()))
    op.create_table(
        "topics",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "kind", "name", name=op.f("pk_topics")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_topics_communities"), deferrable=True
        ),
    )
