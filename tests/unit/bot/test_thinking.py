"""How much is left to be done by whoever thinks, and that it is noticed where that ends."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from adapters.language.models import load_understanding
from bot.thinking import Load, Promised, Thinking, in_a_process


class Desk(Executor):
    """Where work lies until it is done."""

    def __init__(self) -> None:
        self.lying = list[tuple[Future[Any], Callable[[], Any]]]()

    def submit(self, work: Callable[..., Any], /, *given: Any, **_: Any) -> "Future[Any]":
        self.lying.append((Future(), lambda: work(*given)))
        return self.lying[-1][0]

    def do_one(self) -> None:
        future, work = self.lying.pop(0)
        future.set_result(work())


def doubled(_: Load, numbers: Sequence[int]) -> Sequence[int]:
    return [2 * number for number in numbers]


def test_it_is_known_how_many_jobs_are_left() -> None:
    desk = Desk()
    thinking = Thinking(desk, load_understanding)
    assert thinking.has_at_most(0)
    promises = [thinking.promised(doubled, [number]) for number in range(3)]
    assert not thinking.has_at_most(2)
    assert thinking.has_at_most(3)
    desk.do_one()
    assert not thinking.has_at_most(1)
    assert thinking.has_at_most(2)
    desk.do_one()
    desk.do_one()
    assert thinking.has_at_most(0)
    assert [promise.get() for promise in promises] == [[0], [2], [4]]


def test_what_was_made_before_is_promised_too() -> None:
    assert Promised.kept(7).get() == 7


def half_an_answer(_: Load, __: Sequence[object]) -> bytes:
    def half(pipe: Connection, answer: bytes) -> None:
        os.write(pipe.fileno(), answer[:10])
        os.kill(os.getpid(), signal.SIGKILL)

    Connection._send = half
    return b"x" * 100_000


def test_an_end_in_the_middle_of_an_answer_is_noticed() -> None:
    with in_a_process(load_understanding, reads=False) as thinking:
        promised = thinking.promised(half_an_answer, ())
        assert isinstance(promised.future.exception(timeout=60), BrokenProcessPool)


def interrupts_are_held_back(process: int | str) -> bool:
    rows = Path(f"/proc/{process}/status").read_text().splitlines()
    held_back = int(next(row for row in rows if row.startswith("SigBlk:")).split()[1], 16)
    return bool(held_back >> (signal.SIGINT - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_never_hears_ctrl_c_not_even_before_it_is_there() -> None:
    with in_a_process(load_understanding, reads=False) as thinking:
        (begun,) = active_children()
        assert interrupts_are_held_back(begun.pid)
        assert not interrupts_are_held_back("self")
        assert thinking.promised(doubled, [1]).get() == [2]
        assert interrupts_are_held_back(begun.pid)
    assert not interrupts_are_held_back("self")
