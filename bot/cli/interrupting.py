"""Ctrl+C, and a request to end, for work that needs no event loop."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def ended_at_once() -> Iterator[None]:
    """SIGTERM ends the block where it stands, as SIGINT does anyhow, and what it began is undone."""
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
