"""Every table. Each leads with ``community_id``: the wall between tenants, and what a database is divided by.

So does every key but four:

* ``spaces`` is also unique by ``space``: it is the directory that finds a community, before that is known.
* ``codes`` is also unique by ``digest``: whoever enters a code need not know whose it is.
* ``inbox`` and ``outbox`` have ``seq`` alone as primary key: each is one line of all communities, which every worker
  reads from its head, and a row is named by its place there. SQLite counts up by itself only a key of one column; with
  ``community_id`` before it a second index and our own counting would be needed, and inserting would cost 8 % more.

``migrations/`` builds the same tables; a test compares the two.
"""

from typing import Final

from adapters.storage import schema
from adapters.storage.tables.answers import answer_changes, answer_parts, answers, check_marks
from adapters.storage.tables.audit import audit
from adapters.storage.tables.belonging import partner_groups, partners, summaries, summary_lines, welcomes
from adapters.storage.tables.bridges import addressees, carried, questions
from adapters.storage.tables.closing import announcements, mutes, tellings
from adapters.storage.tables.contributions import board_members, contributions, level_roles, levels, seasons
from adapters.storage.tables.corrections import corrections, learning_steps
from adapters.storage.tables.digests import digest_settings, digests, told_insights
from adapters.storage.tables.health import nudges
from adapters.storage.tables.knowledge import insights, messages, notes, status_changes, vectors, voices
from adapters.storage.tables.model import model_answers, model_calls, model_jobs
from adapters.storage.tables.people import (
    accounts,
    channels,
    codes,
    communities,
    consent_requests,
    consents,
    groups,
    members,
    permissions,
    reports,
    spaces,
    tiers,
)
from adapters.storage.tables.regroupings import moved_voices, regroupings, suggestions
from adapters.storage.tables.reminders import reminded, reminder_settings, reminder_stops, reminder_zones, reminders
from adapters.storage.tables.rewards import grants, reward_codes, reward_months, rewards
from adapters.storage.tables.rights import retentions, terms
from adapters.storage.tables.signs import sign_evidence, sign_settings, sign_silences, signs
from adapters.storage.tables.teams import bundles, cards, holdings, routes, tags, team_troubles, teams, topics
from adapters.storage.tables.work import gaps, inbox, outbox, schedules, watermarks

__all__ = [
    "accounts",
    "addressees",
    "announcements",
    "answer_changes",
    "answer_parts",
    "answers",
    "audit",
    "board_members",
    "bundles",
    "cards",
    "carried",
    "channels",
    "check_marks",
    "codes",
    "communities",
    "consent_requests",
    "consents",
    "contributions",
    "corrections",
    "digest_settings",
    "digests",
    "gaps",
    "grants",
    "groups",
    "holdings",
    "inbox",
    "insights",
    "learning_steps",
    "level_roles",
    "levels",
    "members",
    "messages",
    "metadata",
    "model_answers",
    "model_calls",
    "model_jobs",
    "moved_voices",
    "mutes",
    "notes",
    "nudges",
    "outbox",
    "partner_groups",
    "partners",
    "permissions",
    "questions",
    "regroupings",
    "reminded",
    "reminder_settings",
    "reminder_stops",
    "reminder_zones",
    "reminders",
    "reports",
    "retentions",
    "reward_codes",
    "reward_months",
    "rewards",
    "routes",
    "schedules",
    "seasons",
    "sign_evidence",
    "sign_settings",
    "sign_silences",
    "signs",
    "spaces",
    "status_changes",
    "suggestions",
    "summaries",
    "summary_lines",
    "tags",
    "team_troubles",
    "teams",
    "tellings",
    "terms",
    "tiers",
    "told_insights",
    "topics",
    "vectors",
    "voices",
    "watermarks",
    "welcomes",
]

metadata: Final = schema.metadata
"""Every table: they are all in it once this package has been read."""
