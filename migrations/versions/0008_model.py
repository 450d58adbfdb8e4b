"""What a language model is to be asked, what it answered, and what that cost."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "model_jobs",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("community_id", "message", name=op.f("pk_model_jobs")),
        sa.ForeignKeyConstraint(
            ["community_id", "message"],
            ["messages.community_id", "messages.message"],
            name=op.f("fk_model_jobs_messages"),
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_model_jobs_created_at"), "model_jobs", ["created_at"])
    op.create_table(
        "model_answers",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "digest", name=op.f("pk_model_answers")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.community_id"],
            name=op.f("fk_model_answers_communities"),
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_model_answers_expires_at"), "model_answers", ["expires_at"])
    op.create_table(
        "model_calls",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("discarded", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "call", name=op.f("pk_model_calls")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.community_id"],
            name=op.f("fk_model_calls_communities"),
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_model_calls_begun_at"), "model_calls", ["begun_at"])
