"""What a team was told of with one digest, what shipped, and the oldest cards are found by themselves.

All of them were found by looking at everything that there ever was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_IS_SENT = sa.text("state = 'sent'")


def upgrade() -> None:
    """Make the three indexes."""
    told = ["community_id", "team", "at", "part", "insight"]
    op.create_index(op.f(f"ix_told_insights_{'_'.join(told)}"), "told_insights", told)
    op.create_index(op.f("ix_insights_community_id_status"), "insights", ["community_id", "status"])
    sent = ["community_id", "sent_at"]
    op.create_index(op.f("ix_outbox_sent"), "outbox", sent, sqlite_where=_IS_SENT, postgresql_where=_IS_SENT)
