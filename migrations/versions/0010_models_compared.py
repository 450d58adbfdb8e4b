"""A correction names the models by whose cosine it was made, and what a model is asked about may be two insights."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both. Of corrections made before the models are not known, so their cosines teach nothing any more."""
    op.add_column("corrections", sa.Column("model", sa.Text()))
    op.add_column("model_jobs", sa.Column("other", sa.Text()))
