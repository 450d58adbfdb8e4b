"""An empty folder with a terminal in it, and no settings. What is typed there thinks in a thread, with no start."""

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

import bot.thinking
from bot.thinking import Load, Thinking
from tests.integration.cli.terminal import Terminal


@contextmanager
def in_a_thread(load: Load, *, reads: bool = True) -> Iterator[Thinking]:
    with ThreadPoolExecutor(1) as executor:
        yield Thinking(executor, load)


def device(path: Path, number: int) -> None:
    """Linux's memory device of that number, made anew: a program that is broken could replace the real one."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, number))
    except PermissionError:  # then the real one can't be replaced either
        path.symlink_to(f"/dev/{path.name}")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    folder = tmp_path / "folder"
    folder.mkdir()
    device(tmp_path / "null", 3)
    device(tmp_path / "full", 7)
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("PARLEY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(bot.thinking, "in_a_process", in_a_thread)
    yield Terminal(folder, monkeypatch, capsys)
    structlog.reset_defaults()  # a command sets logging up for its process, here to a stream that ends with the test
