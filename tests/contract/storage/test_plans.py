"""What is asked again and again takes no longer the more there is: SQLite finds it by an index, in order."""

import re
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from adapters.storage import answers, contributions, inbox, outbox, regroupings, vectors
from adapters.storage.database import Database

QUERIES = {
    "what is to be sent": (outbox._CLAIMABLE, "ix_outbox_open"),
    "what came in": (inbox._TAKE, "ix_inbox_open"),
    "an insight's first voices": (vectors._CORE_OF, "ix_voices_community_id_insight_number"),
    "an insight's last voices": (regroupings._VECTORS, "ix_voices_community_id_insight_number"),
    "the answers of a conversation": (answers._ASKED_IN, "ix_answers_community_id_conversation"),
    "the answers of a message": (answers._OF_MESSAGE, "ix_answer_parts_community_id_message"),
    "what came of something": (contributions._OF_CAUSES, "ix_contributions_community_id_cause"),
}


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
    assert any(f"USING INDEX {index}" in step for step in steps), steps
    everything = [
        step for step in steps if step.endswith("(community_id=?)") or (step[:4] == "SCAN" and index not in step)
    ]
    assert everything == []
    assert ("USE TEMP B-TREE FOR ORDER BY" in steps) is (query is answers._ASKED_IN), "a talk has few answers"
