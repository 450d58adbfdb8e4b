"""An empty folder with a terminal in it, no settings, and models that are loaded once for all tests."""

import os
import stat
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import structlog

import bot.asking
import bot.doctor
import bot.wiring
from tests.integration.cli.terminal import Terminal

load_once = cache(bot.wiring.load_understanding)


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
    for module in (bot.asking, bot.doctor, bot.wiring):
        monkeypatch.setattr(module, "load_understanding", load_once)
    yield Terminal(folder, monkeypatch, capsys)
    structlog.reset_defaults()  # a command sets logging up for its process, here to a stream that ends with the test
