"""Replays within this process and as processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.files.history import open_history
from bot import replaying
from bot.settings import load

Report = Mapping[str, Any]


async def replayed(history: Path, database: Path, batch: int = 64, url: str | None = None) -> Report:
    """What a replay within this process reports."""
    settings = load(environment={"PARLEY_WORKER__BATCH": str(batch)})
    report = await replaying.replay(
        settings, open_history(str(history)), url or f"sqlite:///{database}", None, lambda _: None
    )
    return report.as_dict()


def started(history: Path, database: Path) -> "subprocess.Popen[str]":
    """A replay as a user starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "replay", str(history), "--database", f"sqlite:///{database}", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PARLEY_CONFIG": ""},
    )


def told(process: "subprocess.Popen[str]") -> Report:
    """What it printed, once it has ended well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)


def sent(database: Path) -> list[dict[str, Any]]:
    """What the recording chat was told to do."""
    file = Path(f"{database}.sent.jsonl")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
