"""The bridge: questions to customers, who was asked by which post, and what was carried over."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "questions",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "question", name=op.f("pk_questions")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_questions_insights"),
            deferrable=True,
        ),
    )
    op.create_index("ix_questions_community_id_insight", "questions", ["community_id", "insight"])
    op.create_index("ix_questions_community_id_state", "questions", ["community_id", "state"])
    op.create_table(
        "addressees",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text()),
        sa.Column("thread", sa.Text()),
        sa.PrimaryKeyConstraint("community_id", "question", "member", name=op.f("pk_addressees")),
        _of_question("addressees"),
    )
    op.create_table(
        "carried",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("by", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "question", "number", name=op.f("pk_carried")),
        _of_question("carried"),
    )
    op.create_index("uq_carried_source", "carried", ["community_id", "source"], unique=True)
    op.create_index("ix_carried_community_id_space_channel", "carried", ["community_id", "space", "channel"])


def _of_question(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "question"],
        ["questions.community_id", "questions.question"],
        name=op.f(f"fk_{table}_questions"),
        deferrable=True,
    )
