"""What the single tries met which the library makes within one request, without telling of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import aiohttp


@dataclass(slots=True)
class Tries:
    """``unclear``: one of them may have been done, though it failed. ``holds_all``: the last one met a limit of the
    whole account, which the library sleeps out before anything else is sent."""

    unclear: bool = False
    holds_all: bool = False


_TRIES: ContextVar[Tries | None] = ContextVar("tries", default=None)


@contextmanager
def noted_tries() -> Iterator[Tries]:
    """The tries made within the block through :func:`noting`."""
    tries = Tries()
    token = _TRIES.set(tries)
    try:
        yield tries
    finally:
        _TRIES.reset(token)


def latest_holds_all() -> bool:
    """Whether the try that was made last within :func:`noted_tries` is why nothing else is sent now."""
    tries = _TRIES.get()
    return tries is not None and tries.holds_all


async def noting(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A middleware that notes each try. A trace would do, at the price of naming everything that it could be told."""
    tries = _TRIES.get() or Tries()
    tries.holds_all = False
    try:
        answer = await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except BaseException:
        tries.unclear = True
        raise
    tries.unclear = tries.unclear or answer.status >= 500
    tries.holds_all = answer.status == 429 and "X-RateLimit-Global" in answer.headers
    return answer
