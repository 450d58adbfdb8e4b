"""What members allow and how they want to be named, and who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UNSAID = """
UPDATE members SET recording = 'unsaid' WHERE recording = 'allowed' AND NOT EXISTS (
  SELECT 1 FROM consents WHERE consents.community_id = members.community_id AND consents.member = members.member
  AND consents.recording = 'stopped')
"""
"""Who never stopped never had to allow anything."""

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
    """Nobody has chosen a naming yet, every community goes on as it was, and the log begins."""
    for table in ("members", "consents"):
        op.add_column(table, sa.Column("naming", sa.Text(), nullable=False, server_default="unsaid"))
        op.add_column(table, sa.Column("way", sa.Text(), nullable=False, server_default="command"))
    op.execute(UNSAID)
    op.add_column("communities", sa.Column("policy", sa.Text(), nullable=False, server_default="notice"))
    op.create_table(
        "consent_requests",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "space", "account", name=op.f("pk_consent_requests")),
        sa.ForeignKeyConstraint(
            ["community_id", "space"],
            ["spaces.community_id", "spaces.space"],
            name=op.f("fk_consent_requests_spaces"),
            deferrable=True,
        ),
    )
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
