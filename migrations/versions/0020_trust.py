"""How members want to be named."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has chosen a naming yet."""
    for table in ("members", "consents"):
        op.add_column(table, sa.Column("naming", sa.Text(), nullable=False, server_default="unsaid"))
