import asyncio
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import aiohttp
import discord
import pytest

from adapters.discord.errors import BAD_LOGIN, Effect, send_error, why_not_connected
from adapters.discord.tries import noted_tries, noting
from dialogue.errors import RateLimited, Rejected, SendError, Unavailable, Uncertain


def answered(status: int, code: int = 0, wait: str | None = None) -> discord.HTTPException:
    headers = {} if wait is None else {"Retry-After": wait}
    response = SimpleNamespace(status=status, reason="", headers=headers)
    return discord.HTTPException(response, {"code": code, "message": "secret words"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answered(500), Uncertain),
        (answered(503), Uncertain),
        (answered(401), Unavailable),
        (answered(401, 50027), Rejected),
        (answered(400, 50035), Rejected),
        (answered(403, 50013), Rejected),
        (answered(404, 10003), Rejected),
        (TimeoutError(), Uncertain),
        (aiohttp.ServerDisconnectedError(), Uncertain),
        (ConnectionResetError(), Uncertain),
        (aiohttp.ClientConnectorError(Mock(), OSError()), Unavailable),
        (aiohttp.ClientConnectorDNSError(Mock(), OSError()), Unavailable),
    ],
)
def test_what_may_have_been_done_is_uncertain_and_what_surely_was_not_is_unavailable(
    error: Exception, kind: type[SendError]
) -> None:
    found = send_error(error, Effect.WRITES)
    assert type(found) is kind
    assert "secret words" not in str(found)


@pytest.mark.parametrize("error", [answered(502), TimeoutError(), aiohttp.ServerDisconnectedError()])
def test_what_only_reads_is_never_uncertain(error: Exception) -> None:
    assert isinstance(send_error(error, Effect.READS), Unavailable)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (discord.RateLimited(40), 40),
        (answered(429, wait="7.5"), 7.5),
        (answered(429), 60),
        (answered(429, wait="x"), 60),
    ],
)
def test_a_limit_says_how_long_it_holds(error: Exception, seconds: float) -> None:
    found = send_error(error, Effect.WRITES)
    assert isinstance(found, RateLimited)
    assert found.after == timedelta(seconds=seconds)


def test_a_bug_is_no_error_of_the_platform() -> None:
    assert send_error(ZeroDivisionError(), Effect.WRITES) is None
    assert why_not_connected(ZeroDivisionError()) is None


def test_a_connection_that_is_refused_for_good_says_why() -> None:
    socket = Mock(close_code=4004)
    refused = why_not_connected(discord.ConnectionClosed(socket, shard_id=None, code=4004))
    other = why_not_connected(discord.ConnectionClosed(socket, shard_id=None, code=4999))
    assert (str(refused), str(other)) == (BAD_LOGIN, "Discord closed the connection (4999)")


@pytest.mark.parametrize("error", [answered(404), answered(429), discord.RateLimited(40)])
def test_only_what_writes_is_uncertain_for_an_earlier_try(error: Exception) -> None:
    assert isinstance(send_error(error, Effect.WRITES, an_earlier_try_is_unclear=True), Uncertain)
    assert not isinstance(send_error(error, Effect.READS, an_earlier_try_is_unclear=True), Uncertain)
    assert send_error(ZeroDivisionError(), Effect.WRITES, an_earlier_try_is_unclear=True) is None


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_try_that_was_cut_off_is_unclear_and_one_that_never_left_is_not(arrives: bool) -> None:
    async def cut_off(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(cut_off, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1] if arrives else 9
        async with aiohttp.ClientSession(middlewares=[noting]) as session:
            with noted_tries() as tries, pytest.raises(aiohttp.ClientError):
                await session.post(f"http://127.0.0.1:{port}/")
    assert tries.unclear is arrives
