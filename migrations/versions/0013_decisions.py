"""Decisions can be taken back, have a day and a link; private notes of staff."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and create the table. An owner never changed before: so the history has the one of today."""
    for changed in ("insights", "status_changes"):
        op.add_column(changed, sa.Column("due_on", sa.Text()))
        op.add_column(changed, sa.Column("link", sa.Text(), nullable=False, server_default=""))
    op.add_column("status_changes", sa.Column("owner", sa.Text()))
    op.add_column("status_changes", sa.Column("undoes", sa.Integer()))
    op.execute(
        "UPDATE status_changes SET owner = (SELECT insights.owner FROM insights"
        " WHERE insights.community_id = status_changes.community_id AND insights.insight = status_changes.insight)"
    )
    op.create_table(
        "notes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "note", name=op.f("pk_notes")),
        sa.ForeignKeyConstraint(
            ["community_id", "message"],
            ["messages.community_id", "messages.message"],
            name=op.f("fk_notes_messages"),
            deferrable=True,
        ),
    )
    op.create_index("ix_notes_community_id_message", "notes", ["community_id", "message"])
    op.create_index("ix_notes_community_id_by", "notes", ["community_id", "by"])
