"""An HTTP server that costs next to nothing: it answers some requests at once, and passes the others on.

What a web framework needs for one answer is more than what a client needs for one request, so behind a framework a
client's speed could not be seen.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered at once, with status 200; ``body`` is JSON, ``headers`` lines that end as HTTP's do."""

    body: bytes
    headers: bytes = b""


AtOnce = Callable[[bytes], Answer | None]
"""What a request is answered with, by its first line; None where it is for the server behind."""


async def serve(at_once: AtOnce, behind: str, port: int) -> int:
    """Serve before the server at ``behind:port``; returns the port."""
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(at_once, behind, port), behind)
    return int(server.sockets[0].getsockname()[1])


class _Connection(asyncio.Protocol):
    """One client, which waits for each answer before it asks again."""

    def __init__(self, at_once: AtOnce, behind: str, port: int) -> None:
        self._at_once = at_once
        self._behind = (behind, port)
        self._read = b""
        self._client: asyncio.Transport
        self._passing: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._client = cast("asyncio.Transport", transport)  # uvloop's is none by its type

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(_END_OF_HEAD)
        if not found or len(body) < _length(head):
            return
        whole, self._read = self._read, b""
        answer = self._at_once(head.partition(b"\r\n")[0])
        if answer is None:
            self._passing = asyncio.get_running_loop().create_task(self._pass_on(whole))
            return
        told = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n%b"
        self._client.write(told % (len(answer.body), answer.headers, answer.body))

    async def _pass_on(self, request: bytes) -> None:
        """A connection for this request alone; the client's ends with it."""
        reader, writer = await asyncio.open_connection(*self._behind)
        first, _, rest = request.partition(b"\r\n")
        writer.write(first + b"\r\nConnection: close\r\n" + rest)
        self._client.write(await reader.read(-1))
        writer.close()
        self._client.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(_LENGTH):
            return int(line[len(_LENGTH) :])
    return 0
