"""Which digest could not be posted, and whose people count twice."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No digest was lost as far as anybody knows, and nobody chose among tiers."""
    for table in ("digest_settings", "digests"):
        op.add_column(table, sa.Column("unposted", sa.BigInteger()))
    op.add_column("digest_settings", sa.Column("tiers", sa.Text()))
