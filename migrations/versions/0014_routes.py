"""Routes with more conditions, to several teams; what teams want to be told, and what of it they were."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LISTS = ("areas", "tones", "urgencies", "languages", "channels", "spaces", "tiers", "others")


def upgrade() -> None:
    """Add the columns and the tables. Which route sent a card that stands there already is not known (0)."""
    for name in _LISTS:
        op.add_column("routes", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))
    op.add_column("routes", sa.Column("demand", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("routes", sa.Column("joined", sa.Text(), nullable=False, server_default="all"))
    op.add_column("routes", sa.Column("delivery", sa.Text(), nullable=False, server_default="now"))
    op.add_column("routes", sa.Column("running", sa.Text(), nullable=False, server_default="on"))
    for name in ("quiet_start", "quiet_end", "quiet_zone"):
        op.add_column("teams", sa.Column(name, sa.Text()))
    op.add_column("teams", sa.Column("cap", sa.Integer()))
    op.add_column("teams", sa.Column("steps", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("cards", sa.Column("route", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cards", sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cards", sa.Column("at", sa.BigInteger()))
    op.create_index("ix_cards_community_id_space_channel_at", "cards", ["community_id", "space", "channel", "at"])
    op.add_column("members", sa.Column("tier", sa.Text(), nullable=False, server_default=""))
    _tables()


def _tables() -> None:
    op.create_table(
        "tiers",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "group_id", name=op.f("pk_tiers")),
        sa.ForeignKeyConstraint(
            ["community_id", "space"],
            ["spaces.community_id", "spaces.space"],
            name=op.f("fk_tiers_spaces"),
            deferrable=True,
        ),
    )
    op.create_table(
        "bundles",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "team", "since", name=op.f("pk_bundles")),
        sa.ForeignKeyConstraint(
            ["community_id", "team"],
            ["teams.community_id", "teams.team"],
            name=op.f("fk_bundles_teams"),
            deferrable=True,
        ),
    )
    op.create_table(
        "team_troubles",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "team", name=op.f("pk_team_troubles")),
        sa.ForeignKeyConstraint(
            ["community_id", "team"],
            ["teams.community_id", "teams.team"],
            name=op.f("fk_team_troubles_teams"),
            deferrable=True,
        ),
    )
