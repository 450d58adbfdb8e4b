"""A correction names the models by whose cosine it was made: cosines of others say nothing of it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the name. Of corrections made before it is not known, so their cosines teach nothing any more."""
    op.add_column("corrections", sa.Column("model", sa.Text()))
