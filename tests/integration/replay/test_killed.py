"""SIGKILL in the middle, continued: the same as in one go."""

import signal
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from bot.replaying import HistoryClock, sent_file
from bot.wiring import make_replay, open_storage, throwaway_sealer
from tests.histories import made_up, written
from tests.integration.replay.runs import Report, replayed, started, told

KILLS = (0.05, 0.3, 0.6)
"""Once the file of what was sent has so much of its final size."""


def killed_when(database: Path, history: Path, size: int) -> None:
    """Run a replay until it has said so much, and kill it."""
    file = Path(f"{database}.sent.jsonl")
    with started(history, database) as process:
        while process.poll() is None and (not file.exists() or file.stat().st_size < size):
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"


def same(one: Report, other: Report) -> bool:
    return all(one[name] == other[name] for name in one if name not in ("seconds", "messages_per_second"))


async def test_killed_at_several_points_and_continued_it_is_the_same_as_in_one_go(tmp_path: Path) -> None:
    history = written(tmp_path / "history.jsonl", made_up(1500))
    in_one_go = await replayed(history, tmp_path / "one.db")
    assert (in_one_go["lost"], in_one_go["duplicated"], in_one_go["messages"]) == (0, 0, 1500)
    assert in_one_go["merged"] > 0
    database = tmp_path / "killed.db"
    whole = Path(f"{tmp_path / 'one.db'}.sent.jsonl").stat().st_size
    for part in KILLS:
        killed_when(database, history, int(whole * part))
    with started(history, database) as process:
        assert same(told(process), in_one_go)


async def test_run_again_on_the_same_database_it_does_nothing_twice(tmp_path: Path) -> None:
    history = written(tmp_path / "history.jsonl", made_up(300))
    first = await replayed(history, tmp_path / "x.db")
    said = (tmp_path / "x.db.sent.jsonl").read_bytes()
    again = await replayed(history, tmp_path / "x.db")
    assert same(first, again)
    assert (tmp_path / "x.db.sent.jsonl").read_bytes() == said


async def test_a_history_that_has_grown_is_continued(tmp_path: Path) -> None:
    rows = made_up(400)
    await replayed(written(tmp_path / "half.jsonl", rows[:170]), tmp_path / "x.db")
    whole = written(tmp_path / "whole.jsonl", rows)
    continued = await replayed(whole, tmp_path / "x.db")
    assert same(continued, await replayed(whole, tmp_path / "one.db"))


async def test_lines_older_than_the_inbox_remembers_are_still_known(tmp_path: Path) -> None:
    rows = made_up(120)
    for number, row in enumerate(rows):
        row["time"] = f"{2001 + number // 10}-01-{number % 10 + 1:02}T00:00:00Z"
    history = written(tmp_path / "history.jsonl", rows)
    first = await replayed(history, tmp_path / "x.db")
    assert same(await replayed(history, tmp_path / "x.db"), first)


async def test_killed_after_a_timer_let_keys_fall_the_lines_are_known_without_a_row_that_fails(tmp_path: Path) -> None:
    history = written(tmp_path / "history.jsonl", made_up(120))
    first = await replayed(history, tmp_path / "x.db")
    url = f"sqlite:///{tmp_path / 'x.db'}"
    async with open_storage(url, throwaway_sealer()) as storage:
        async with storage.read() as uow:
            stood = await uow.totals.latest()
        assert stood is not None
        program = make_replay(storage, HistoryClock(stood + timedelta(days=31)), sent_file(url), 64).program
        assert await program.ticker.run_once()
    with capture_logs() as logs:
        assert same(await replayed(history, tmp_path / "x.db"), first)
    assert [entry for entry in logs if entry["event"] == "row_failed"] == []
