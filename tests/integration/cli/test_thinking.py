"""The processes that help ``parley analyse``: they go with the program, and the program says when one is gone."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.integration.cli.lines import line
from tests.integration.cli.terminal import Terminal

OUTPUTS = ("--messages", "m.jsonl", "--conversations", "c.jsonl")


def helpers_of(program: int) -> list[int]:
    """The two processes that were begun to think and to place, in this order, once they are there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        children = Path(f"/proc/{program}/task/{program}/children").read_text().split()
        begun = [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
        if len(begun) == 2:
            return begun
    raise AssertionError("they were not begun")


def ended(process: int) -> bool:
    """Whether it is gone within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
    return False


def work(terminal: Terminal) -> None:
    terminal.write("h.jsonl", *[line(number, f"the export number {number} drops my tags") for number in range(20_000)])


@pytest.mark.parametrize("which", [0, 1])
def test_where_one_is_ended_that_is_said_and_nothing_is_left(terminal: Terminal, which: int):
    work(terminal)
    with terminal.start("analyse", "h.jsonl", *OUTPUTS) as process:
        os.kill(helpers_of(process.pid)[which], signal.SIGKILL)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"Traceback" not in err
    assert b"A process that helps to read was ended" in err
    assert terminal.names() == {"h.jsonl"}


def test_they_do_not_outlive_the_program(terminal: Terminal):
    work(terminal)
    with terminal.start("analyse", "h.jsonl", *OUTPUTS) as process:
        helpers = helpers_of(process.pid)
        process.kill()
        process.wait(timeout=30)
        assert all(ended(helper) for helper in helpers)
