"""Five hundred people are told, the process is killed amid that, more than once: each of them hears it once."""

import json
import signal
import subprocess
import sys
from pathlib import Path

VOICES = 500


def started(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.telling", "--voices", str(VOICES), "--folder", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def killed_after(folder: Path, told: int) -> None:
    with started(folder) as process:
        while process.poll() is None and lines(folder / "sent.jsonl") < told:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"


def test_peers_23_a_kill_amid_500_tellings_loses_and_doubles_none(tmp_path: Path) -> None:
    for told in (60, 200, 420):
        killed_after(tmp_path, told)
    assert lines(tmp_path / "sent.jsonl") < VOICES
    with started(tmp_path) as process:
        said, _ = process.communicate()
    result = json.loads(said)
    assert (result["lost"], result["doubled"]) == (0, 0)
    assert "accepted" not in result, "it was sent before it was killed"
