"""Ctrl+C and a request to end, in a process of its own."""

import json
import signal
import subprocess

import pytest

from tests.integration.cli.lines import line
from tests.integration.cli.terminal import Terminal

OUTPUTS = ("--messages", "m.jsonl", "--conversations", "c.jsonl")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_analyse_ends_at_once_and_leaves_nothing(terminal: Terminal, number: int, code: int):
    terminal.write("m.jsonl", "before")
    with terminal.start("analyse", "-", *OUTPUTS, stdin=subprocess.PIPE) as process:
        process.stdin.writelines(json.dumps(line(sent)).encode() + b"\n" for sent in range(600))
        process.stdin.flush()  # more than a pipe holds: it has begun to read
        process.send_signal(number)
        process.wait(timeout=30)
        out, err = process.stdout.read(), process.stderr.read()
    assert (process.returncode, out) == (code, b"")
    assert b"Traceback" not in err
    assert terminal.names() == {"m.jsonl"}
    assert (terminal.folder / "m.jsonl").read_text() == "before\n"


def test_an_interrupt_while_it_works_is_not_put_off_to_the_end(terminal: Terminal):
    terminal.write("h.jsonl", *[line(number, f"the export number {number} drops my tags") for number in range(20_000)])
    with terminal.start("analyse", "h.jsonl", *OUTPUTS) as process:
        assert process.stderr.readline().startswith(b"parley: model")  # checked; now it judges line after line
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert terminal.names() == {"h.jsonl"}
