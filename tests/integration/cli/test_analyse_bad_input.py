"""What analyse can't use is a sentence, and then nothing is left behind."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.cli.lines import LINE, line
from tests.integration.cli.terminal import Terminal

OUTPUTS = ("--messages", "m.jsonl", "--conversations", "c.jsonl")


def without(field: str) -> dict:
    return {name: value for name, value in line(3).items() if name != field}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('{"id": "m3"', "not JSON at character 12"),
        ("{broken", "not JSON at character 2"),
        ("[]", "a JSON object is needed, not a list"),
        (b"\xff\xfe", "not UTF-8 at byte 1"),
        ("[" * 100_000, "nested too deeply"),
        *[(without(field), f'"{field}" is missing') for field in ("id", "channel", "author", "role", "time", "text")],
        (line(3, role="boss"), "\"role\" is 'boss'; it must be one of customer, staff, admin, bot, system"),
        (line(3, time="noon"), "\"time\" is 'noon'; a time with its zone is needed, such as 2026-01-02T03:04:05Z"),
        (line(3, time="2026-01-02T03:04:05"), "a time with its zone is needed"),
        (line(3, text=None), '"text" must be text, not null'),
        (line(3) | {"id": 3}, '"id" must be text, not a number'),
        (line(1), "the id 'm1' is used by an earlier line; ids are unique"),
        (line(3) | {"id": "a\ud800"}, '"id" holds half of a surrogate pair, which is no character'),
        (line(3, audience="\x1b[31mall"), "\"audience\" is '\\x1b[31mall'; it must be one of public"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_broken_line_is_named_and_nothing_is_written(terminal: Terminal, bad: object, said: str, streamed: bool):
    history = terminal.write("h.jsonl", LINE, b"", bad)
    if streamed:
        ended = terminal.type("analyse", "-", *OUTPUTS, stdin=history.read_bytes())
    else:
        ended = terminal.type("analyse", "h.jsonl", *OUTPUTS)
    ended.refuses(f"parley: {'standard input' if streamed else 'h.jsonl'}, line 3: ", said)
    assert terminal.names() == {"h.jsonl"}


def test_a_broken_line_far_into_a_stream_is_named(terminal: Terminal):
    said = [json.dumps(line(number, "ok")) for number in range(1000)]
    terminal.type("analyse", "-", *OUTPUTS, stdin="\n".join([*said, "{"]).encode()).refuses(
        "standard input, line 1001:"
    )
    assert terminal.names() == set()


def test_earlier_outputs_survive_a_broken_line(terminal: Terminal):
    terminal.write("m.jsonl", "before")
    terminal.type("analyse", terminal.write("h.jsonl", LINE, "{"), *OUTPUTS).refuses("line 2")
    assert Path("m.jsonl").read_text() == "before\n"
    assert terminal.names() == {"h.jsonl", "m.jsonl"}


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ("none.jsonl", "none.jsonl can't be read: there is no such file or folder; check the path."),
        (".", ". can't be read: it is a folder; name a file."),
        ("h.jsonl/x", "h.jsonl/x can't be read: a part of its path is no folder; check the path."),
        ("loop", "loop can't be read: its links lead in a circle; check the path."),
        ("x" * 300, "can't be read: its name is too long; choose a shorter one."),
        ("/proc/self/mem", "/proc/self/mem can't be read: Input/output error."),
    ],
)
def test_a_history_that_cannot_be_read_is_a_sentence(terminal: Terminal, history: str, said: str):
    terminal.write("h.jsonl", LINE)
    Path("loop").symlink_to("loop")
    terminal.type("analyse", history, *OUTPUTS).refuses(said)
    assert terminal.names() == {"h.jsonl", "loop"}


def test_a_standard_input_that_is_closed_is_a_sentence(terminal: Terminal):
    ended = terminal.process("analyse", "-", *OUTPUTS, stdin=None, preexec_fn=lambda: os.close(0))
    ended.refuses("standard input can't be read: it is closed.")
    assert terminal.names() == set()


@pytest.mark.parametrize(
    ("messages", "conversations", "said"),
    [
        ("same.jsonl", "./same.jsonl", "--messages and --conversations name the same file, same.jsonl; give each one"),
        ("link.jsonl", "same.jsonl", "--messages and --conversations name the same file"),
        ("h.jsonl", "c.jsonl", "HISTORY and --messages name the same file, h.jsonl; give each one of its own"),
        ("m.jsonl", "h.jsonl", "HISTORY and --conversations name the same file"),
        ("none/m.jsonl", "c.jsonl", "none/m.jsonl can't be written: its folder does not exist; create the folder."),
        ("m.jsonl", "none/c.jsonl", "none/c.jsonl can't be written: its folder does not exist; create the folder."),
        ("x" * 300, "c.jsonl", "can't be written: its name is too long; choose a shorter one."),
        ("m.jsonl", ".", ". can't be written: it is a folder; name a file."),
        ("h.jsonl/m.jsonl", "c.jsonl", "h.jsonl/m.jsonl can't be written: a part of its path is no folder"),
        ("/sys/m.jsonl", "c.jsonl", "/sys/m.jsonl can't be written: permission denied; check who may use it."),
        ("m.jsonl", "../full", "../full can't be written: the disk is full; free some space and run it again."),
    ],
)
def test_outputs_that_cannot_be_had_are_a_sentence(terminal: Terminal, messages: str, conversations: str, said: str):
    history = terminal.write("h.jsonl", LINE)
    Path("link.jsonl").symlink_to("same.jsonl")
    before = history.read_bytes()
    terminal.type("analyse", "h.jsonl", "--messages", messages, "--conversations", conversations).refuses(said)
    assert history.read_bytes() == before
    assert terminal.names() == {"h.jsonl", "link.jsonl"}


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of 64 KB; skips where mounting is not allowed."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("full", ["--messages", "--conversations"])
def test_a_disk_that_fills_up_is_a_sentence_and_leaves_nothing(terminal: Terminal, full: str):
    terminal.write("h.jsonl", *[line(number) for number in range(200)])
    other = ({"--messages", "--conversations"} - {full}).pop()
    with small_disk(terminal.folder / "small") as small:
        (small / "big").write_bytes(b"x" * 2**16)
        ended = terminal.type("analyse", "h.jsonl", full, "small/out.jsonl", other, "small.jsonl")
        ended.refuses("small/out.jsonl can't be written: the disk is full; free some space and run it again.")
        assert {entry.name for entry in small.iterdir()} == {"big"}
    assert "small.jsonl" not in terminal.names()


def test_a_full_folder_for_temporary_files_is_a_sentence(terminal: Terminal):
    said = [line(number, f"the export number {number} drops my tags " + "x" * 4000) for number in range(9000)]
    terminal.write("h.jsonl", *said)
    with small_disk(terminal.folder / "small") as small:
        ended = terminal.process(
            "analyse", "h.jsonl", *OUTPUTS, env={"TMPDIR": str(small), "SQLITE_TMPDIR": str(small)}
        )
    ended.refuses("The temporary file can't be written: ")
    assert terminal.names() == {"h.jsonl", "small"}
