"""`parley play` as a process: where it listens, what it refuses, how it ends, what it leaves on the disk."""

import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.cli.failing import BAD_INPUT
from tests.integration.playground.running import Running, command, free_port, running


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("play")) as program:
        yield program


def test_its_page_answers_and_a_busy_port_moves_to_the_next(program: Running, tmp_path: Path) -> None:
    with running(tmp_path, port=program.port) as other:
        assert program.port < other.port <= program.port + 20
        for address in (program.address, other.address):
            with urlopen(address) as page:
                assert b"Parley playground" in page.read()
        assert other.end(signal.SIGINT) == 0
        assert "Traceback" not in other.errors.read_text()


@pytest.mark.parametrize("more", [[], ["--fresh"]])
def test_a_second_one_in_the_same_folder_is_refused_and_harms_nothing(program: Running, more: list[str]) -> None:
    before = files_of(program)
    second = refused(program.folder, *more)
    assert second.returncode == BAD_INPUT
    assert second.stderr == "parley: playground: a playground is open there; close it, or set folder in [playground]\n"
    assert files_of(program) == before


def test_only_its_owner_may_read_its_files(program: Running) -> None:
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (program.folder / "playground").iterdir()}
    assert {"play.db", "play.chat.jsonl", "play.key"} <= set(modes)
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("a file", "parley: playground: can't be used (File exists); set folder in [playground]\n"),
        ("a broken chat", "play.chat.jsonl, line 1: "),
        ("no database", "parley: playground/play.db: the file is not a database"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path, what: str, sentence: str) -> None:
    folder = tmp_path / "playground"
    if what == "a file":
        folder.write_text("")
    else:
        folder.mkdir()
        (folder / ("play.db" if what == "no database" else "play.chat.jsonl")).write_text("nonsense" * 200 + "\n")
    ended = refused(tmp_path)
    assert ended.returncode == BAD_INPUT
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_told_to_terminate_it_ends_well_and_quickly(program: Running) -> None:
    assert program.end(signal.SIGTERM) == 0
    assert "stopped" in program.errors.read_text()
    assert "Traceback" not in program.errors.read_text()


def refused(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start it where it can't go on; what it says and how it ends."""
    return subprocess.run(
        command(free_port(), *arguments), cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def files_of(program: Running) -> dict[str, int]:
    return {file.name: file.stat().st_ino for file in (program.folder / "playground").glob("play.*")}
