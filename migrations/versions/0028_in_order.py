"""An insight's voices are found in their order, and what is to be sent without looking at what was.

Both took as long as there is of everybody's: SQLite went through all voices, or all that was ever sent, in order.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Make the two indexes."""
    op.create_index(op.f("ix_voices_community_id_insight_number"), "voices", ["community_id", "insight", "number"])
    op.drop_index(op.f("ix_voices_community_id_insight"), "voices")
    op.create_index(op.f("ix_outbox_open"), "outbox", ["seq"], sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)
