"""Reminders: rules, what holds for all of them, who was reminded of what, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their tables."""
    _rules()
    _reminded()
    for name, column in (
        ("reminder_stops", sa.Column("at", sa.BigInteger(), nullable=False)),
        ("reminder_zones", sa.Column("zone", sa.Text(), nullable=False)),
    ):
        op.create_table(
            name,
            sa.Column("community_id", sa.Text(), nullable=False),
            sa.Column("member", sa.Text(), nullable=False),
            column,
            sa.PrimaryKeyConstraint("community_id", "member", name=op.f(f"pk_{name}")),
            sa.ForeignKeyConstraint(
                ["community_id", "member"],
                ["members.community_id", "members.member"],
                name=op.f(f"fk_{name}_members"),
                deferrable=True,
            ),
        )


def _rules() -> None:
    op.create_table(
        "reminders",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reminds", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_reminders")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_reminders_communities"), deferrable=True
        ),
    )
    op.create_table(
        "reminder_settings",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("quiet_start", sa.Text()),
        sa.Column("quiet_end", sa.Text()),
        sa.Column("quiet_zone", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_reminder_settings")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.community_id"],
            name=op.f("fk_reminder_settings_communities"),
            deferrable=True,
        ),
    )


def _reminded() -> None:
    op.create_table(
        "reminded",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "occasion", "member", name=op.f("pk_reminded")),
        sa.ForeignKeyConstraint(
            ["community_id", "rule"],
            ["reminders.community_id", "reminders.number"],
            name=op.f("fk_reminded_reminders"),
            deferrable=True,
        ),
    )
    for columns in (["member", "at"], ["rule", "at"]):
        name = f"ix_reminded_community_id_{'_'.join(columns)}"
        op.create_index(name, "reminded", ["community_id", *columns])
