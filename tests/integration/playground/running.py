"""The real program, started as a user starts it: in a folder of its own, its address read from what it prints."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.playground.facts import TourStepped
from adapters.playground.journal import Journal
from adapters.playground.tour import load_tour

ERRORS = "errors.txt"
PATIENCE = 30
"""Seconds within which it ends when asked to."""


class Running:
    """`parley play`, once its page answers."""

    def __init__(self, process: subprocess.Popen[str], address: str, folder: Path) -> None:
        self.process = process
        self.address = address
        self.folder = folder

    @property
    def errors(self) -> Path:
        return self.folder / ERRORS

    @property
    def port(self) -> int:
        return int(self.address.split("/")[2].rpartition(":")[2])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code. Raises ``TimeoutExpired`` if it is not quick about it."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def command(port: int, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli", "play", "--port", str(port), *arguments]


@contextmanager
def running(folder: Path, *arguments: str, port: int | None = None) -> Iterator[Running]:
    """Start it in ``folder``; it is killed at the end if it still runs."""
    with (
        (folder / ERRORS).open("w") as stderr,
        subprocess.Popen(
            command(port or free_port(), *arguments), cwd=folder, stdout=subprocess.PIPE, stderr=stderr, text=True
        ) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert "http://127.0.0.1:" in line, (folder / ERRORS).read_text()
            yield Running(process, line.split()[-1], folder)
        finally:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def after_the_tour(folder: Path) -> Path:
    """The folder, in which the tour has been seen, so that only those speak whom a test lets speak."""
    journal = Journal(folder / "playground")
    journal.append([TourStepped(len(load_tour()), {})])
    journal.close()
    return folder
