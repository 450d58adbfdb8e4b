"""A thousand claim a hundred codes, the process is killed amid that, twice: a hundred are granted, each once."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg

CLAIMS = 1000
PATIENCE = 120


def started(url: str, folder: Path) -> subprocess.Popen[str]:
    options = ["--database", url, "--key", str(folder / "key"), "--claims", str(CLAIMS)]
    command = [sys.executable, "-m", "benchmarks.rewards", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def granted(connection: asyncpg.Connection) -> int:
    return await connection.fetchval("SELECT count(*) FROM grants")


async def killed_after(url: str, folder: Path, lines: int) -> int:
    """Let it go until so many are granted, and kill it; how many are granted then."""
    connection = await asyncpg.connect(url)
    until = time.monotonic() + PATIENCE
    with started(url, folder) as process:
        while process.poll() is None and await granted(connection) < lines and time.monotonic() < until:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'fresh'"
    )
    found = await granted(connection)
    await connection.close()
    return found


async def test_peers_18_killed_amid_a_thousand_claims_each_of_a_hundred_codes_is_granted_once(
    postgresql_url: str, tmp_path: Path
) -> None:
    for lines in (20, 60):
        assert lines <= await killed_after(postgresql_url, tmp_path, lines) < 100
    with started(postgresql_url, tmp_path) as process:
        said, _ = await asyncio.to_thread(process.communicate)
    result = json.loads(said)
    assert {name: result[name] for name in ("granted", "members", "codes", "left_codes", "left_pieces")} == {
        "granted": 100,
        "members": 100,
        "codes": 100,
        "left_codes": 0,
        "left_pieces": 0,
    }
