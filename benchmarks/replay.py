"""How fast `parley replay` is, whether its memory stays flat, and whether kills and batch sizes change anything.

    python -m benchmarks.replay [HISTORY] [--kills 3] [--once]

Without HISTORY: every training log of the labelled chat beside the checkout, or a made-up history where that is not
there. The program is run as a user would run it, four times: in one go, in batches of 1, in one go again but killed
(SIGKILL) and continued, and as a dry run by `parley analyse`, which must agree. --once: in one go only.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import analyse, real_chat
from bot.fingerprint import Fingerprint, Understood

MADE_UP = 20_000
SAMPLES = 4
Report = Mapping[str, object]


def command(history: Path, database: Path) -> list[str]:
    """A replay as a user starts it."""
    database_url = f"sqlite:///{database}"
    return [sys.executable, "-m", "bot.cli", "replay", str(history), "--database", database_url, "--json"]


class Memory(threading.Thread):
    """Samples a process's resident memory, in MB, five times a second, as long as it runs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        super().__init__(daemon=True)
        self.megabytes: list[int] = []
        self._process = process

    def run(self) -> None:
        """Until the process ends."""
        while self._process.poll() is None:
            status = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()
            self.megabytes.append(int(status[1]) * os.sysconf("SC_PAGE_SIZE") >> 20)
            time.sleep(0.2)

    def told(self) -> str:
        """The peak in each part of the run."""
        part = max(1, len(self.megabytes) // SAMPLES)
        peaks = [max(self.megabytes[n : n + part]) for n in range(0, part * SAMPLES, part) if self.megabytes[n:]]
        return " ".join(map(str, peaks))


def replay(history: Path, database: Path, batch: int = 64) -> Report:
    """Run it to the end, print what it took, and return what it reports."""
    environment = {**os.environ, "PARLEY_WORKER__BATCH": str(batch)}
    process = subprocess.Popen(command(history, database), stdout=subprocess.PIPE, text=True, env=environment)
    memory = Memory(process)
    memory.start()
    out, _ = process.communicate()
    memory.join()
    if process.returncode:
        sys.exit("parley replay failed")
    report: Report = json.loads(out)
    print(f"batches of {batch}: {out.strip()}\n  memory, MB, by quarters of the run: {memory.told()}", flush=True)
    return report


def killed(history: Path, database: Path, whole: int, kills: int) -> Report:
    """Kill it each time another part of what is to be said was said, then let it finish."""
    sent = Path(f"{database}.sent.jsonl")
    for kill in range(1, kills + 1):
        process = subprocess.Popen(command(history, database), stdout=subprocess.DEVNULL)
        while process.poll() is None and (not sent.exists() or sent.stat().st_size < whole * kill / (kills + 1)):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        print(f"killed with {sent.stat().st_size} of {whole} bytes said: exit {process.wait()}", flush=True)
    return replay(history, database)


def dry_run(history: Path, folder: Path) -> str:
    """The fingerprint of what `parley analyse` understands, cards left out."""
    messages, conversations = folder / "messages.jsonl", folder / "conversations.jsonl"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "bot.cli",
            "analyse",
            str(history),
            "--messages",
            str(messages),
            "--conversations",
            str(conversations),
        ],
        check=True,
    )
    with messages.open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return Fingerprint.of([Understood(row["id"], row["kind"], row["conversation"], row["insight"]) for row in rows])


def stored(database: Path) -> str:
    """The same of what a replay has stored."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT messages.message, kind, conversation, insight FROM messages"
            " LEFT JOIN voices ON voices.message = messages.message"
        ).fetchall()
    return Fingerprint.of([Understood(name.split("/", 2)[2], *rest) for name, *rest in rows])


def prepared(given: Path | None, folder: Path) -> Path:
    """The history to replay."""
    if given is not None:
        return given
    file = folder / "history.jsonl"
    logs = real_chat.logs()
    if logs:
        print(f"the labelled chat: {real_chat.write(logs, file)} lines of {len(logs)} logs", flush=True)
        return file
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in analyse.history(MADE_UP, 20))
    print(f"made up: {MADE_UP} lines", flush=True)
    return file


def main() -> None:
    """Run everything and print it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("history", type=Path, nargs="?")
    arguments.add_argument("--kills", type=int, default=3)
    arguments.add_argument("--once", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        history = prepared(chosen.history, folder)
        database = folder / "one.db"
        one = replay(history, database)
        if chosen.once:
            return
        same = [one, replay(history, folder / "single.db", batch=1)]
        whole = Path(f"{database}.sent.jsonl").stat().st_size
        same.append(killed(history, folder / "killed.db", whole, chosen.kills))
        print("the same fingerprint each time:", len({report["fingerprint"] for report in same}) == 1)
        print("a dry run agrees:", dry_run(history, folder) == stored(database))


if __name__ == "__main__":
    main()
