"""Posts that go under another; what is held back for a team."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and create the table."""
    op.add_column("outbox", sa.Column("under", sa.Text()))
    op.create_table(
        "holdings",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "insight", "team", name=op.f("pk_holdings")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_holdings_insights"),
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "team"],
            ["teams.community_id", "teams.team"],
            name=op.f("fk_holdings_teams"),
            deferrable=True,
        ),
    )
    op.create_index("ix_holdings_community_id_team", "holdings", ["community_id", "team"])
