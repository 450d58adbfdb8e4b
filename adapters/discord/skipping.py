"""What can't be read is skipped, and logged by its type alone: nothing of it may be quoted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from adapters.discord.payload import Malformed

UNREADABLE: Final = (Malformed, ArithmeticError, LookupError, TypeError, ValueError)
"""What reading a payload may raise."""


@contextmanager
def skipping(payload: str) -> Iterator[None]:
    """Ends the block where something in it can't be read, and goes on behind it."""
    try:
        yield
    except UNREADABLE as error:
        log_skipped(payload, error)


def log_skipped(payload: str, error: Exception) -> None:
    """Why it could not be read."""
    reason = str(error) if isinstance(error, Malformed) else type(error).__name__
    structlog.get_logger().warning("payload_skipped", payload=payload, reason=reason)
