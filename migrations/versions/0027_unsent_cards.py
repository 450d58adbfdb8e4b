"""What is held back for a team is held for the team: by which route is found anew when it is looked at."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget by which route it was held."""
    op.drop_column("holdings", "route")
