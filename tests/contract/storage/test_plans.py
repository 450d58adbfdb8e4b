"""What is asked again and again takes no longer the more there is: SQLite finds it by an index, in order."""

import re
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Select, event
from sqlalchemy.dialects import sqlite

from adapters.storage import answers, contributions, digest_insights, health, inbox, outbox, regroupings, vectors
from adapters.storage.database import Database
from knowledge_base.digests import DigestPart
from tests.contract.storage.samples import NOW, found, new, posted

QUERIES = {
    "what is to be sent": (outbox._CLAIMABLE, "ix_outbox_open"),
    "what came in": (inbox._TAKE, "ix_inbox_open"),
    "an insight's first voices": (vectors._CORE_OF, "ix_voices_community_id_insight_number"),
    "an insight's last voices": (regroupings._VECTORS, "ix_voices_community_id_insight_number"),
    "the answers of a conversation": (answers._ASKED_IN, "ix_answers_community_id_conversation"),
    "the answers of a message": (answers._OF_MESSAGE, "ix_answer_parts_community_id_message"),
    "what a team was told of with one digest": (digest_insights.TOLD_THEN, "ix_told_insights_community_id_team_at"),
    "what shipped and was never told": (
        *digest_insights.never_told(DigestPart.SHIPPED),
        "ix_insights_community_id_status",
    ),
    "the oldest cards of what nobody touched": (health._UNTOUCHED, "ix_outbox_sent"),
    "what came of something": (contributions._OF_CAUSES, "ix_contributions_community_id_cause"),
}

FEW = (answers._ASKED_IN, health._UNTOUCHED)
"""A talk has few answers, and of cards that were sent at one moment there are few."""


def plan(database: Database, query: Select[tuple[object, ...]]) -> list[str]:
    """The steps in which SQLite would answer it, without statistics, as in a new file."""
    sql = re.sub(r"\(__\[POSTCOMPILE_\w+\]\)", "('x')", str(query.compile(dialect=sqlite.dialect())))
    with closing(sqlite3.connect(database.name)) as beside:
        return [row[3] for row in beside.execute(f"EXPLAIN QUERY PLAN {sql}", [0] * sql.count("?"))]


@pytest.mark.parametrize(("query", "index"), QUERIES.values(), ids=QUERIES)
async def test_it_is_found_by_its_index_and_nothing_is_sorted(
    database: Database, query: Select[tuple[object, ...]], index: str
) -> None:
    steps = plan(database, query)
    assert any(f"INDEX {index}" in step for step in steps), steps
    everything = [
        step for step in steps if step.endswith("(community_id=?)") or (step[:4] == "SCAN" and index not in step)
    ]
    assert everything == []
    assert any("TEMP B-TREE" in step for step in steps) is (query in FEW)


async def test_lists_of_any_length_are_asked_for_in_few_statements(database: Database) -> None:
    await found(database)
    async with database.begin() as uow:
        await uow.inbox.insert([new(posted(str(n))) for n in range(100)], NOW)
        await uow.commit()
    asked = set[str]()
    event.listen(
        database._readers.sync_engine, "before_cursor_execute", lambda _, __, statement, *rest: asked.add(statement)
    )
    async with database.read() as uow:
        seqs = [row.seq for row in await uow.inbox.take(100, NOW)]
        asked.clear()
        for many in range(1, 101):
            assert await uow.inbox.still_open(seqs[:many]) == frozenset(seqs[:many])
        assert await uow.inbox.still_open([-1]) == frozenset()
    assert len(asked) == 8, "of 1, 2, 4, … and 128 names"
