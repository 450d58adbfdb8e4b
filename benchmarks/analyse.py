"""How fast `parley analyse` is, and how much memory it takes, over a made-up history.

    python -m benchmarks.analyse [--lines 1000000] [--channels 200] [--keep FILE]

Lines are put together from templates by a seeded generator: questions, problems, requests, fixes, thanks and chatter in
about the shares of a support channel, every tenth by reply, in a few languages. The program is run as a user would
run it. Memory is the most of each of its processes, and of all together, where pages that they share count once: looked
at every second, on Linux.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

MEMBERS = 5_000
_TRACKER_MB = 20
"""Python's own process that tidies up after the others takes less."""


def history(lines: int, channels: int, seed: int = 1) -> Iterator[dict[str, object]]:
    """Made-up messages in time order, always the same for the same numbers."""
    chance = random.Random(seed)
    chat = tomllib.loads(Path(__file__).with_name("chat.toml").read_text("utf-8"))
    words = chat.pop("words")
    shares = [said["share"] for said in chat.values()]
    last: dict[str, str] = {}
    at = datetime(2024, 1, 1, tzinfo=UTC)
    for number, kind in enumerate(chance.choices(list(chat), shares, k=lines)):
        at += timedelta(seconds=chance.randrange(1, 60))
        channel = f"channel-{chance.randrange(channels)}"
        yield {
            "id": f"m{number}",
            "platform": "import",
            "channel": channel,
            "thread": None,
            "author": f"user{chance.randrange(MEMBERS)}",
            "role": "staff" if kind == "solution" and chance.random() < 0.5 else "customer",
            "time": at.isoformat(),
            "text": chance.choice(chat[kind]["says"]).format(
                thing=chance.choice(words["thing"]),
                thing2=chance.choice(words["thing"]),
                act=chance.choice(words["act"]),
                state=chance.choice(words["state"]),
                name=f"user{chance.randrange(MEMBERS)}",
                n=chance.randrange(2, 900),
            ),
            "reply_to": last.get(channel) if chance.random() < 0.1 else None,
        }
        last[channel] = f"m{number}"


def measure(file: Path, lines: int) -> None:
    """Analyse the file in a process of its own and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = ["--messages", f"{folder}/messages.jsonl", "--conversations", f"{folder}/conversations.jsonl"]
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "bot.cli", "analyse", str(file), *outputs])
        most, together = dict[str, int](), 0
        while process.poll() is None:
            now = _memory(process.pid)
            most |= {one: max(most.get(one, 0), rss) for one, (rss, _) in now.items()}
            together = max(together, sum([pss for _, pss in now.values()]))
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)
        seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit("parley analyse failed")
    each = " + ".join(f"{rss >> 10}" for rss in sorted(most.values(), reverse=True) if rss >> 10 >= _TRACKER_MB)
    speed = f"{seconds:.0f} s, {lines / seconds:.0f} messages/s"
    print(f"analyse: {lines} lines, {speed}, {each} MB at most, {together >> 10} MB together")


def _memory(process: int) -> dict[str, tuple[int, int]]:
    """Of a process and those it began: all pages, and pages where shared ones count in parts, in KB."""
    found = dict[str, tuple[int, int]]()
    with suppress(OSError):
        for one in (str(process), *Path(f"/proc/{process}/task/{process}/children").read_text().split()):
            rows = dict(row.split(":", 1) for row in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()[1:])
            found[one] = int(rows["Rss"].split()[0]), int(rows["Pss"].split()[0])
    return found


def main() -> None:
    """Make a history and measure."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--channels", type=int, default=200)
    arguments.add_argument("--keep", type=Path, help="where the history is left")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.keep or Path(folder) / "history.jsonl"
        with file.open("w", encoding="utf-8") as stream:
            for row in history(chosen.lines, chosen.channels):
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        measure(file, chosen.lines)


if __name__ == "__main__":
    main()
