"""The playground: the real program on a real SQLite file; only the chat platform is ours."""

import asyncio
import secrets
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from bot.program import Program
from bot.settings import Settings
from bot.wiring import key_in, make_playground, open_storage
from dialogue.ports import Sealer

HOST: Final = "127.0.0.1"
PORTS_TRIED: Final = 20
DATABASE: Final = "play.db"
KEY: Final = "play.key"


class PlayError(Exception):
    """The playground can't start. The message says why and what to do."""


async def play(settings: Settings, port: int, *, fresh: bool, ready: Callable[[str], None]) -> None:
    """Serve the playground until interrupted; ``ready`` is told its address. ``fresh`` forgets an earlier one.

    Raises :class:`PlayError`, or :class:`~dialogue.errors.DialogueError` where its files can't be used.
    """
    folder = Path(settings.playground.folder)
    with bind(port) as listening:
        sealer = _prepare(folder, fresh=fresh)
        async with open_storage(f"sqlite:///{folder / DATABASE}", sealer) as storage:
            parts = await make_playground(storage, folder, settings.community.zone)
            token = secrets.token_urlsafe(24)
            chosen: int = listening.getsockname()[1]
            try:
                await serve(parts.program, parts.app(token, chosen), listening, lambda: ready(address(chosen, token)))
            finally:
                parts.close()


def _prepare(folder: Path, *, fresh: bool) -> Sealer:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            start_over(folder)
        return key_in(folder / KEY)
    except OSError as error:
        raise PlayError(f"{folder}: can't be written: {error.strerror}; set folder in [playground]") from error


def start_over(folder: Path) -> None:
    """Forget an earlier playground: its database, its chat, its key."""
    for file in folder.glob("play.*"):
        file.unlink()


def address(port: int, token: str) -> str:
    """Where the page is, with its token."""
    return f"http://{HOST}:{port}/?token={token}"


def bind(port: int) -> socket.socket:
    """A socket that listens on the port, or on the first free one after it. Raises :class:`PlayError`."""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, candidate))
            listening.listen()
        except OSError:
            listening.close()
        else:
            return listening
    raise PlayError(f"the ports {port} to {port + PORTS_TRIED - 1} are all in use; name another with --port")


async def serve(program: Program, app: ASGIApp, listening: socket.socket, ready: Callable[[], None]) -> None:
    """The page and the program together. When one ends the other is stopped: the page first, then the program."""
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=3)
    web = _Page(config, ready)
    running = asyncio.create_task(program.run())
    running.add_done_callback(lambda _: _stop(web))
    serving = asyncio.create_task(web.serve(sockets=[listening]))
    try:
        await serving
    finally:
        program.stop()
        await running


class _Page(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _stop(web: uvicorn.Server) -> None:
    web.should_exit = True
