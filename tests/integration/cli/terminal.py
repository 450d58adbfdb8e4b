"""A terminal to type commands in: in this process, which is quick, or in one of their own, as users do."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import run

COMMAND = (sys.executable, "-m", "bot.cli")
SOURCE = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        """The one object it printed."""
        return json.loads(self.out)

    def refuses(self, *parts: str) -> None:
        """Check that it refused bad input: one sentence that holds these parts, nothing on standard output."""
        assert self.code == 2
        assert self.out == ""
        *before, last = self.err.splitlines()
        assert last.startswith("parley: ")
        assert all(line.startswith("parley: model ") for line in before)
        assert "Traceback" not in self.err
        for part in parts:
            assert part in last


def heed_interrupts() -> None:
    """As at a terminal: a shell that starts the tests in the background has its children ignore Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """Stands in ``folder``; what is typed is run there."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = patch
        self._captured = captured

    def type(self, *arguments: object, stdin: bytes = b"") -> Ended:
        """Run a command in this process."""
        self._captured.readouterr()
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run([str(argument) for argument in arguments])
        out, err = self._captured.readouterr()
        return Ended(code, out, err)

    @contextmanager
    def start(
        self, *arguments: object, env: Mapping[str, str] | None = None, **how: object
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start a command in a process of its own, which does not outlive the block."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
        command = [*COMMAND, *map(str, arguments)]
        begin = {"preexec_fn": heed_interrupts} | pipes
        with subprocess.Popen(command, cwd=self.folder, env=environment() | dict(env or {}), **begin) as process:
            try:
                yield process
            finally:
                process.kill()

    def process(self, *arguments: object, **how: object) -> Ended:
        """Run a command in a process of its own, to its end."""
        with self.start(*arguments, **how) as process:
            out, err = process.communicate(timeout=60)
        return Ended(process.returncode, (out or b"").decode(), (err or b"").decode())

    def write(self, name: str, *rows: Mapping[str, object] | str | bytes) -> Path:
        """A file of lines: objects as JSON, texts and bytes as they are."""
        lines = [
            row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
            for row in rows
        ]
        path = self.folder / name
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        return path

    def rows(self, name: str) -> list[dict]:
        """The objects of a file of lines."""
        return [json.loads(line) for line in (self.folder / name).read_text("utf-8").splitlines()]

    def names(self) -> set[str]:
        """What stands in the folder, hidden files too."""
        return {entry.name for entry in self.folder.iterdir()}


def environment() -> dict[str, str]:
    """This process's environment without any of our settings, with our source to be found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return kept | {"PYTHONPATH": str(SOURCE)}
