"""How much is left to be done by whoever thinks, and that it is noticed where that ends."""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Any

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


def interrupts_are_held_back(_: Load, __: Sequence[object]) -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_ctrl_c_is_heard_by_the_process_that_began_it_alone() -> None:
    with in_a_process(load_understanding, reads=False) as thinking:
        assert thinking.promised(interrupts_are_held_back, ()).get()
    assert not interrupts_are_held_back(load_understanding, ())
