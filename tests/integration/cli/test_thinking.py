"""The process that thinks beside ``parley analyse``: it goes with the program, and the program says when it is gone."""

import os
import signal
import time
from pathlib import Path

from tests.integration.cli.lines import line
from tests.integration.cli.terminal import Terminal

OUTPUTS = ("--messages", "m.jsonl", "--conversations", "c.jsonl")


def thinker_of(program: int) -> int:
    """The process that was begun to think; waits until it is there."""
    while True:
        for child in Path(f"/proc/{program}/task/{program}/children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)


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


def test_where_it_is_ended_that_is_said_and_nothing_is_left(terminal: Terminal):
    work(terminal)
    with terminal.start("analyse", "h.jsonl", *OUTPUTS) as process:
        os.kill(thinker_of(process.pid), signal.SIGKILL)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"Traceback" not in err
    assert b"The process that reads the texts was ended" in err
    assert terminal.names() == {"h.jsonl"}


def test_it_does_not_outlive_the_program(terminal: Terminal):
    work(terminal)
    with terminal.start("analyse", "h.jsonl", *OUTPUTS) as process:
        thinker = thinker_of(process.pid)
        process.kill()
        process.wait(timeout=30)
        assert ended(thinker)
