"""What is asked again and again takes no longer the more there is: SQLite finds it by an index, in order."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from adapters.storage import answers, inbox, outbox, regroupings, vectors
from adapters.storage.database import Database

QUERIES = {
    "what is to be sent": (outbox._CLAIMABLE, "ix_outbox_open"),
    "what came in": (inbox._TAKE, "ix_inbox_open"),
    "an insight's first voices": (vectors._CORE_OF, "ix_voices_community_id_insight_number"),
    "an insight's last voices": (regroupings._VECTORS, "ix_voices_community_id_insight_number"),
    "the answers of a conversation": (answers._ASKED_IN, "ix_answers_community_id_conversation"),
}


def plan(database: Database, query: Select[tuple[object, ...]]) -> list[str]:
    """The steps in which SQLite would answer it, without statistics, as in a new file."""
    sql = str(query.compile(dialect=sqlite.dialect())).replace("(__[POSTCOMPILE_questions])", "('q')")
    with closing(sqlite3.connect(database.name)) as beside:
        return [row[3] for row in beside.execute(f"EXPLAIN QUERY PLAN {sql}", [0] * sql.count("?"))]


@pytest.mark.parametrize(("query", "index"), QUERIES.values(), ids=QUERIES)
async def test_it_is_found_by_its_index_and_nothing_is_sorted(
    database: Database, query: Select[tuple[object, ...]], index: str
) -> None:
    steps = plan(database, query)
    assert any(f"USING INDEX {index}" in step for step in steps), steps
    scans = [step for step in steps if step.startswith("SCAN") and index not in step]
    assert scans == []
    assert ("USE TEMP B-TREE FOR ORDER BY" in steps) is (query is answers._ASKED_IN), "a talk has few answers"
