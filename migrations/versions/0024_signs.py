"""Early signs: who is told, of what they were told, what was said of it, and what is silenced."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the index by which a channel's days are counted."""
    op.create_index("ix_messages_community_id_space_channel_at", "messages", ["community_id", "space", "channel", "at"])
    op.create_table(
        "sign_settings",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sorts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_sign_settings")),
        _refers("sign_settings", "teams", "team"),
    )
    op.create_table(
        "signs",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Double(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("over_at", sa.BigInteger()),
        sa.Column("team_space", sa.Text(), nullable=False),
        sa.Column("team_channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "post", name=op.f("pk_signs")),
        _refers("signs", "communities"),
    )
    op.create_index("ix_signs_community_id_space_channel", "signs", ["community_id", "space", "channel"])
    op.create_index(
        "ix_signs_community_id_team_space_team_channel", "signs", ["community_id", "team_space", "team_channel"]
    )
    op.create_table(
        "sign_evidence",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "post", "number", name=op.f("pk_sign_evidence")),
        _refers("sign_evidence", "signs", "post"),
        _refers("sign_evidence", "messages", "message"),
    )
    op.create_index("ix_sign_evidence_community_id_message", "sign_evidence", ["community_id", "message"])
    op.create_table(
        "sign_silences",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.PrimaryKeyConstraint(
            "community_id", "sort", "space", "channel", "competitor", name=op.f("pk_sign_silences")
        ),
        _refers("sign_silences", "communities"),
    )


def _refers(table: str, to: str, *columns: str) -> sa.ForeignKeyConstraint:
    names = ["community_id", *columns]
    return sa.ForeignKeyConstraint(
        names, [f"{to}.{name}" for name in names], name=op.f(f"fk_{table}_{to}"), deferrable=True
    )
