"""Of which statuses customers are told, and routes that ask for what is meant like an example."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was told so far is told on; no route has an example yet."""
    told = '["planned", "shipped", "declined"]'
    for column in ("example_text", "example_language", "example_insight"):
        op.add_column("routes", sa.Column(column, sa.Text()))
    op.add_column("communities", sa.Column("routes_version", sa.Text(), nullable=False, server_default=""))
    op.add_column("communities", sa.Column("told", sa.Text(), nullable=False, server_default=told))
