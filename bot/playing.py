"""The playground: the real program on a real SQLite file; only the chat platform is ours."""

import asyncio
import fcntl
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
LOCK: Final = "play.lock"


class PlayError(Exception):
    """The playground can't start. The message says why and what to do."""


async def play(settings: Settings, port: int, *, fresh: bool, ready: Callable[[str], None]) -> None:
    """Serve the playground until SIGINT or SIGTERM; ``ready`` is told its address. ``fresh`` forgets an earlier one.

    Raises :class:`PlayError`, or :class:`~dialogue.errors.DialogueError` where its files can't be used.
    """
    folder = Path(settings.playground.folder)
    with bind(port) as listening, _alone_in(folder):
        sealer = _prepare(folder, fresh=fresh)
        async with open_storage(f"sqlite:///{folder / DATABASE}", sealer) as storage:
            with _explained(folder):
                parts = await make_playground(storage, folder)
            token = secrets.token_urlsafe(24)
            chosen: int = listening.getsockname()[1]

            def answers() -> None:
                ready(address(chosen, token))
                asyncio.get_running_loop().run_in_executor(None, parts.warm_up)

            try:
                await serve(parts.program, parts.app(token, chosen), listening, answers)
            finally:
                parts.close()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Make the folder, and keep every other playground out of it. The kernel ends the lock however the process ends."""
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(lock, folder)
        yield
    finally:
        os.close(lock)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise PlayError(f"{folder}: a playground is open there; close it, or set folder in [playground]") from error


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlayError(
            f"{error.filename or folder}: can't be used ({error.strerror}); set folder in [playground]"
        ) from error


def _prepare(folder: Path, *, fresh: bool) -> Sealer:
    with _explained(folder):
        if fresh:
            start_over(folder)
        return key_in(folder / KEY)


def start_over(folder: Path) -> None:
    """Forget an earlier playground: its database, its chat, its key."""
    for file in folder.glob("play.*"):
        if file.name != LOCK:
            file.unlink()


def address(port: int, token: str) -> str:
    """Where the page is, with its token."""
    return f"http://{HOST}:{port}/?token={token}"


def bind(port: int) -> socket.socket:
    """A socket that listens on the port, or on the first free one after it. Raises :class:`PlayError`."""
    last = min(port + PORTS_TRIED - 1, 65535)
    for candidate in range(port, last + 1):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, candidate))
            listening.listen()
        except OSError:
            listening.close()
        else:
            return listening
    raise PlayError(f"none of the ports {port} to {last} is free; name another with --port")


async def serve(program: Program, app: ASGIApp, listening: socket.socket, ready: Callable[[], None]) -> None:
    """The page and the program together. When one ends the other is stopped: the page first, then the program."""
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=2)
    web = _Page(config, ready)
    with _ended_by_signals(web):
        running = asyncio.create_task(program.run())
        running.add_done_callback(lambda _: _stop(web))
        serving = asyncio.create_task(web.serve(sockets=[listening]))
        try:
            await serving
        finally:
            program.stop()
            await running


class _Page(uvicorn.Server):
    """Tells when it answers, and leaves signals alone: uvicorn would raise them again before the program has ended."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _ended_by_signals(web: uvicorn.Server) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, web.handle_exit, number, None)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _stop(web: uvicorn.Server) -> None:
    web.should_exit = True
