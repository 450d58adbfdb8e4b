"""What is given to those who contributed, and who got what."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _rewards()
    _months()
    _grants()
    _codes()


def _rewards() -> None:
    op.create_table(
        "rewards",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("monthly", sa.Integer()),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("season", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("worth", sa.Text(), nullable=False),
        sa.Column("space", sa.Text()),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("until", sa.Text()),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("last_grant", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("community_id", "reward", name=op.f("pk_rewards")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_rewards_community_id_number")),
        sa.CheckConstraint("given >= 0 AND given <= pieces", name=op.f("ck_rewards_given")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_rewards_communities"), deferrable=True
        ),
    )


def _months() -> None:
    op.create_table(
        "reward_months",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "reward", "month", name=op.f("pk_reward_months")),
        sa.CheckConstraint("given >= 0", name=op.f("ck_reward_months_given")),
        _of_reward("reward_months"),
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("post", sa.Text()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("community_id", "reward", "number", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "community_id", "reward", "member", "turn", name=op.f("uq_grants_community_id_reward_member_turn")
        ),
        _of_reward("grants"),
        sa.ForeignKeyConstraint(
            ["community_id", "member"],
            ["members.community_id", "members.member"],
            name=op.f("fk_grants_members"),
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_grants_community_id_member"), "grants", ["community_id", "member"])
    op.create_index(op.f("ix_grants_community_id_post"), "grants", ["community_id", "post"])
    op.create_index(op.f("ix_grants_community_id_state"), "grants", ["community_id", "state"])


def _codes() -> None:
    op.create_table(
        "reward_codes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("number", sa.Integer()),
        sa.PrimaryKeyConstraint("community_id", "digest", name=op.f("pk_reward_codes")),
        _of_reward("reward_codes"),
    )
    columns = ["community_id", "reward", "number"]
    op.create_index(op.f("ix_reward_codes_community_id_reward_number"), "reward_codes", columns)


def _of_reward(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "reward"],
        ["rewards.community_id", "rewards.reward"],
        name=op.f(f"fk_{table}_rewards"),
        deferrable=True,
    )
