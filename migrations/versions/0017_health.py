"""Which stuck insights somebody was reminded of, and what admins want of that."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SCHEDULES = """
INSERT INTO schedules (community_id, name, space, rule, zone, due_at)
SELECT teams.community_id, :name, MIN(teams.space), :rule,
  COALESCE((SELECT MIN(digest_settings.zone) FROM digest_settings
    WHERE digest_settings.community_id = teams.community_id), 'UTC'), 0
FROM teams GROUP BY teams.community_id
"""
"""Every community with a team begins at once: what is due already comes when the program starts."""


def upgrade() -> None:
    """Create the table, the columns and the schedules."""
    op.create_table(
        "nudges",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "insight", "number", name=op.f("pk_nudges")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_nudges_insights"),
            deferrable=True,
        ),
    )
    op.add_column("communities", sa.Column("stuck_days", sa.Integer(), nullable=False, server_default="14"))
    op.add_column("communities", sa.Column("nudges_a_day", sa.Integer(), nullable=False, server_default="5"))
    op.add_column("communities", sa.Column("weekly_line", sa.Text(), nullable=False, server_default="on"))
    for name, rule in (("stuck", "0 10 * * mon-fri"), ("health", "0 9 * * mon")):
        op.execute(sa.text(SCHEDULES).bindparams(name=name, rule=rule))
