"""How fast `parley analyse` is, and how much memory it takes, over a made-up history.

    python -m benchmarks.analyse [--lines 1000000] [--channels 200] [--keep FILE]

Lines are put together from templates by a seeded generator: questions, problems, requests, fixes, thanks and chatter in
about the shares of a support channel, every tenth by reply, in a few languages. The program is run as a user would
run it; its peak resident memory is the kernel's figure.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

MEMBERS = 5_000


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
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    if status:
        sys.exit("parley analyse failed")
    print(f"analyse: {lines} lines, {seconds:.0f} s, {lines / seconds:.0f} messages/s, {usage.ru_maxrss >> 10} MB")


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
