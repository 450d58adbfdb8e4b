"""Ctrl+C, and a request to end, for work that never waits."""

import signal
import sys
from collections.abc import Coroutine
from types import FrameType
from typing import NoReturn, TypeVar

Outcome = TypeVar("Outcome")


def run_without_waiting(work: Coroutine[object, object, Outcome]) -> Outcome:
    """Run work that never waits; SIGINT and SIGTERM end it where it stands, and what it began is undone.

    An event loop would tell the work of an interrupt when it next waits: that is, after its end.
    """
    before = signal.signal(signal.SIGTERM, _end)
    try:
        work.send(None)
    except StopIteration as ended:
        outcome: Outcome = ended.value
        return outcome
    finally:
        signal.signal(signal.SIGTERM, before)
    raise RuntimeError("the work waits: it needs an event loop")


def _end(number: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
