"""How members want to be named, and who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0015"
branch_labels = None
depends_on = None

KEPT = ("entry", "at", "role", "deed", "about", "space", "channel", "granted")
"""What of an entry never changes. Its community and its member may become part of another."""

ON_SQLITE = (
    f"""
CREATE TRIGGER audit_never_changes BEFORE UPDATE OF {", ".join(KEPT)} ON audit
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never changed'); END
""",
    """
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never removed'); END
""",
)
ON_POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries of the audit log are never changed or removed'; END $$
""",
    f"""
CREATE TRIGGER audit_never_changes BEFORE UPDATE OF {", ".join(KEPT)} ON audit
FOR EACH ROW EXECUTE FUNCTION audit_only_grows()
""",
    """
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_only_grows()
""",
)


def upgrade() -> None:
    """Nobody has chosen a naming yet."""
    for table in ("members", "consents"):
        op.add_column(table, sa.Column("naming", sa.Text(), nullable=False, server_default="unsaid"))
    op.create_table(
        "audit",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("granted", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "entry", name=op.f("pk_audit")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.community_id"], name=op.f("fk_audit_communities"), deferrable=True
        ),
    )
    op.create_index("ix_audit_community_id_at", "audit", ["community_id", "at"])
    for trigger in ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ON_SQLITE:
        op.execute(trigger)
