"""What ``/health`` of many insights takes: ``python -m benchmarks.health [--insights 50000]``.

A SQLite file with so many insights of two voices each, all first said in the last 90 days and each with a card that was
sent. Half of them were touched, a quarter decided, an eighth shipped, with both voices told. Measured is the processor
time of the whole program, the median of five: composing what the command shows, and finding what is stuck.
"""

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.digests import ACME, NOW, fill
from bot.wiring import open_storage, throwaway_sealer
from dialogue.health.showing import compose_health
from dialogue.ports import UnitOfWork
from dialogue.texts.catalogue import Texts

RUNS: Final = 5
DAYS: Final = 90
TEXTS: Final = Texts.load()
DAY_US: Final = 24 * 3600 * 1_000_000

_SENT = """
INSERT INTO outbox (community_id, id, destination, action, cause, created_at, state, attempts, sent_at)
SELECT community_id, {id}, 'space/room', 'post', 'benchmark', {at}, 'sent', 1, {at} FROM {of}
"""
_HISTORY = """
INSERT INTO status_changes (community_id, insight, number, status, by, at, reason)
SELECT community_id, insight, {number}, '{status}', 'm' || number % 20, first_at + {days} * {day}, ''
FROM insights WHERE number % {every} = 0
"""
_STATEMENTS: Final = (
    _SENT.format(
        id="post",
        at="(SELECT first_at FROM insights i WHERE i.insight = cards.insight AND i.community_id = cards.community_id)",
        of="cards",
    ),
    *(
        _HISTORY.format(number=number, status=status, days=number, every=every, day=DAY_US)
        for number, status, every in ((1, "acknowledged", 2), (2, "planned", 4), (3, "shipped", 8))
    ),
    """
    UPDATE insights SET status = CASE WHEN number % 8 = 0 THEN 'shipped' WHEN number % 4 = 0 THEN 'planned'
    ELSE 'acknowledged' END WHERE number % 2 = 0
    """,
    """
    INSERT INTO announcements (community_id, announcement, insight, "change", status, text, by, at, state)
    SELECT community_id, 'a' || number, insight, 3, 'shipped', 'done', 'm1', first_at, 'sent'
    FROM insights WHERE status = 'shipped'
    """,
    """
    INSERT INTO tellings (community_id, announcement, member, message, post, space, channel)
    SELECT DISTINCT v.community_id, 'a' || i.number, m.author, v.message, 't' || v.number, 'space', 'help'
    FROM voices v JOIN insights i ON i.community_id = v.community_id AND i.insight = v.insight
    JOIN messages m ON m.community_id = v.community_id AND m.message = v.message WHERE i.status = 'shipped'
    """,
    _SENT.format(id="post", at=f"{int(NOW.timestamp())} * 1000000", of="tellings"),
)


async def measure(insights: int, folder: Path) -> None:
    """Fill, then show and look for what is stuck."""
    path = folder / "health.db"
    async with open_storage(f"sqlite:///{path}", throwaway_sealer()) as storage:
        await fill(storage, insights)
    with sqlite3.connect(path) as connection:
        for statement in _STATEMENTS:
            connection.execute(statement)
    async with open_storage(f"sqlite:///{path}", throwaway_sealer()) as storage:

        async def shown() -> int:
            async with storage.read() as uow:
                return len((await compose_health(uow, ACME, DAYS, NOW, TEXTS)).blocks)

        async def stuck() -> int:
            async with storage.read() as uow:
                return len(await _stuck(uow))

        print(f"{insights} insights, processor time, median of {RUNS}")
        print(f"/health: {await _took(shown):.2f} s")
        print(f"what is stuck: {await _took(stuck):.2f} s")


async def _stuck(uow: UnitOfWork) -> list[object]:
    week = timedelta(days=7)
    return list(await uow.health.stuck(ACME, NOW - 2 * week, NOW - week, NOW.date(), 5))


async def _took(work: Callable[[], Awaitable[int]]) -> float:
    took = []
    for _ in range(RUNS):
        began = time.process_time()
        assert await work()
        took.append(time.process_time() - began)
    return statistics.median(took)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--insights", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(asked.insights, Path(folder)))


if __name__ == "__main__":
    main()
