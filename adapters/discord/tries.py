"""What the single tries met which the library makes within one request, without telling of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp


@dataclass(slots=True)
class Tries:
    """``unclear``: one of them may have been done, though it failed."""

    unclear: bool = False


_TRIES: ContextVar[Tries | None] = ContextVar("tries", default=None)


@contextmanager
def noted_tries() -> Iterator[Tries]:
    """The tries made within the block, by a session that has a :func:`trace`."""
    tries = Tries()
    token = _TRIES.set(tries)
    try:
        yield tries
    finally:
        _TRIES.reset(token)


def trace() -> aiohttp.TraceConfig:
    """Notes each try."""
    config = aiohttp.TraceConfig()
    config.on_request_end.append(_answered)
    config.on_request_exception.append(_broken)
    return config


async def _answered(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
) -> None:
    if end.response.status >= 500:
        _note()


async def _broken(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestExceptionParams
) -> None:
    if not isinstance(end.exception, aiohttp.ClientConnectorError):
        _note()


def _note() -> None:
    tries = _TRIES.get()
    if tries is not None:
        tries.unclear = True
