"""What came of what people gave, levels, and boards."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _contributions()
    _levels()
    _level_roles()
    _boards()


def _contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("contribution", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("cause_kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("guard", sa.Text()),
        sa.Column("reversed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("community_id", "contribution", name=op.f("pk_contributions")),
        sa.ForeignKeyConstraint(
            ["community_id", "member"],
            ["members.community_id", "members.member"],
            name=op.f("fk_contributions_members"),
            deferrable=True,
        ),
    )
    for columns in (["member", "at"], ["cause"], ["by", "at"], ["at"]):
        name = f"ix_contributions_community_id_{'_'.join(columns)}"
        op.create_index(name, "contributions", ["community_id", *columns])


def _levels() -> None:
    op.create_table(
        "levels",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("space", sa.Text()),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "name", name=op.f("pk_levels")),
        sa.UniqueConstraint("community_id", "threshold", name=op.f("uq_levels_community_id_threshold")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_levels_communities"), deferrable=True
        ),
    )


def _level_roles() -> None:
    op.create_table(
        "level_roles",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "account", "group_id", name=op.f("pk_level_roles")),
        sa.ForeignKeyConstraint(
            ["community_id", "space", "account"],
            ["accounts.community_id", "accounts.space", "accounts.account"],
            name=op.f("fk_level_roles_accounts"),
            deferrable=True,
        ),
    )


def _boards() -> None:
    op.create_table(
        "seasons",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "name", name=op.f("pk_seasons")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_seasons_communities"), deferrable=True
        ),
    )
    op.create_table(
        "board_members",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member", name=op.f("pk_board_members")),
        sa.ForeignKeyConstraint(
            ["community_id", "member"],
            ["members.community_id", "members.member"],
            name=op.f("fk_board_members_members"),
            deferrable=True,
        ),
    )
