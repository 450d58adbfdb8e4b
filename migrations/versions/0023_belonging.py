"""The welcome that newcomers get."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is welcomed before admins want it."""
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
