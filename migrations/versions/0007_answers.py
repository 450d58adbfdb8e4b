"""Answers found in conversations or imported, what they are made of, what was done with them, and check marks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their tables."""
    op.create_table(
        "answers",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text()),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text()),
        sa.Column("conversation", sa.Text()),
        sa.Column("solver", sa.Text()),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("look_again", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "answer", name=op.f("pk_answers")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_answers_community_id_number")),
        sa.UniqueConstraint("community_id", "question", name=op.f("uq_answers_community_id_question")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_answers_communities"), deferrable=True
        ),
    )
    op.create_index(op.f("ix_answers_community_id_conversation"), "answers", ["community_id", "conversation"])
    op.create_index(op.f("ix_answers_community_id_state"), "answers", ["community_id", "state"])
    _what_they_are_made_of()
    _what_was_done()


def _what_they_are_made_of() -> None:
    op.create_table(
        "answer_parts",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "answer", "number", name=op.f("pk_answer_parts")),
        _of_answer("answer_parts"),
        _of_message("answer_parts"),
    )
    op.create_index(op.f("ix_answer_parts_community_id_message"), "answer_parts", ["community_id", "message"])
    op.create_table(
        "check_marks",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "message", "account", name=op.f("pk_check_marks")),
        _of_message("check_marks"),
    )


def _what_was_done() -> None:
    op.create_table(
        "answer_changes",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "answer", "number", name=op.f("pk_answer_changes")),
        _of_answer("answer_changes"),
    )


def _of_answer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "answer"],
        ["answers.community_id", "answers.answer"],
        name=op.f(f"fk_{table}_answers"),
        deferrable=True,
    )


def _of_message(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "message"],
        ["messages.community_id", "messages.message"],
        name=op.f(f"fk_{table}_messages"),
        deferrable=True,
    )
