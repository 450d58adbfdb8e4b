"""A voice may have a vector by each of several models: they stand in a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create it, move there what the voices have, and keep with each voice the name of the models that were asked."""
    op.create_table(
        "vectors",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "message", "model", name=op.f("pk_vectors")),
        sa.UniqueConstraint("community_id", "model", "number", name=op.f("uq_vectors_community_id_model_number")),
        sa.ForeignKeyConstraint(
            ["community_id", "message"],
            ["voices.community_id", "voices.message"],
            name=op.f("fk_vectors_voices"),
            deferrable=True,
        ),
    )
    op.execute(
        "INSERT INTO vectors (community_id, message, model, number, size, signature, vector)"
        " SELECT community_id, message, model, number, size, signature, vector FROM voices"
    )
    for column in ("size", "signature", "vector"):
        op.drop_column("voices", column)
