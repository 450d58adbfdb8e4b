"""The labelled chat beside the checkout, as a history. It stays there: nothing of it is part of the project."""

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
DATA = SHARED / "data"
TRAIN = DATA / "threads" / "train"


def logs() -> Sequence[Path]:
    """The training logs, oldest first by name; none where the chat isn't there."""
    return sorted(TRAIN.glob("*.ascii.txt"))


def write(logs: Sequence[Path], file: Path) -> int:
    """Write logs as one history, a channel a log, by the converter that stands with them; returns how many lines."""
    described = importlib.util.spec_from_file_location("quality", SHARED / "eval" / "quality.py")
    assert described
    assert described.loader
    quality = importlib.util.module_from_spec(described)
    described.loader.exec_module(quality)
    count = 0
    with file.open("w", encoding="utf-8") as stream:
        for log in logs:
            for row in quality.irc_history(log):
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    return count
