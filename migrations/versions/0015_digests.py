"""What teams want of their digests, what they were told, and what each digest tells of."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PARTS = '["new", "grown", "questions", "waiting", "shipped", "praise", "picture"]'

SETTINGS = """
INSERT INTO digest_settings (community_id, team, rule, zone, language, length, parts, state, told_until, told_voice)
SELECT teams.community_id, teams.team, schedules.rule, schedules.zone, 'en', 5, :parts, 'running',
  (SELECT MAX(digests.until) FROM digests
    WHERE digests.community_id = teams.community_id AND digests.team = teams.team), 0
FROM teams JOIN schedules
  ON schedules.community_id = teams.community_id AND schedules.name = 'digest:' || teams.team
"""
"""Every team goes on as it was."""

TOLD = """
INSERT INTO told_insights (community_id, team, part, insight, at)
SELECT cards.community_id, cards.team, 'new', cards.insight,
  COALESCE(
    (SELECT MIN(digests.until) FROM digests
      WHERE digests.community_id = cards.community_id AND digests.team = cards.team
      AND insights.first_at >= digests.since AND insights.first_at <= digests.until),
    digest_settings.told_until)
FROM cards
JOIN insights ON insights.community_id = cards.community_id AND insights.insight = cards.insight
JOIN digest_settings ON digest_settings.community_id = cards.community_id AND digest_settings.team = cards.team
WHERE insights.first_at <= digest_settings.told_until
"""
"""By the rule by which digests told of insights until now: by when they were first said."""

NUMBERS = (
    """
UPDATE digests SET
  after = (SELECT COALESCE(MAX(voices.number), 0) FROM voices
    JOIN messages ON messages.community_id = voices.community_id AND messages.message = voices.message
    WHERE voices.community_id = digests.community_id AND messages.at <= digests.since),
  upto = (SELECT COALESCE(MAX(voices.number), 0) FROM voices
    JOIN messages ON messages.community_id = voices.community_id AND messages.message = voices.message
    WHERE voices.community_id = digests.community_id AND messages.at <= digests.until)
""",
    """
UPDATE digest_settings SET
  told_voice = (SELECT COALESCE(MAX(voices.number), 0) FROM voices
    JOIN messages ON messages.community_id = voices.community_id AND messages.message = voices.message
    WHERE voices.community_id = digest_settings.community_id AND messages.at <= digest_settings.told_until)
WHERE told_until IS NOT NULL
""",
)
"""Digests told of voices by when they were said; now by their numbers."""


def upgrade() -> None:
    """Create the tables, and carry over how far each team was told."""
    op.create_table(
        "digest_settings",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told_until", sa.BigInteger()),
        sa.Column("told_voice", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "team", name=op.f("pk_digest_settings")),
        _of_team("digest_settings"),
    )
    op.create_table(
        "told_insights",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("insight", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "team", "part", "insight", name=op.f("pk_told_insights")),
        sa.ForeignKeyConstraint(
            ["community_id", "insight"],
            ["insights.community_id", "insights.insight"],
            name=op.f("fk_told_insights_insights"),
            deferrable=True,
        ),
        _of_team("told_insights"),
    )
    op.create_index("ix_told_insights_community_id_insight", "told_insights", ["community_id", "insight"])
    op.add_column("digests", sa.Column("after", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("digests", sa.Column("upto", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("digests", sa.Column("due", sa.BigInteger()))
    op.create_index("uq_digests_window", "digests", ["community_id", "team", "due"], unique=True)
    op.execute(sa.text(SETTINGS).bindparams(parts=PARTS))
    for carried in (TOLD, *NUMBERS):
        op.execute(carried)


def _of_team(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "team"],
        ["teams.community_id", "teams.team"],
        name=op.f(f"fk_{table}_teams"),
        deferrable=True,
    )
