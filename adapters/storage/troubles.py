"""What a driver's error means: trouble with the database becomes a sentence, everything else is a mistake of ours."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from adapters.storage.errors import Damaged, NotOurs
from dialogue.errors import StorageUnavailable

_SQLITE: Final = {
    "SQLITE_FULL": "the disk is full; free some space, what was accepted before is safe",
    "SQLITE_READONLY": "it can't be written; check the permissions of the file and its folder",
    "SQLITE_PERM": "it can't be opened; check the permissions of the file and its folder",
    "SQLITE_CANTOPEN": "it can't be opened; check that the folder exists and may be written",
    "SQLITE_BUSY": "another program holds it locked; close that program",
    "SQLITE_LOCKED": "another program holds it locked; close that program",
    "SQLITE_IOERR": "the disk reports errors; check that it is mounted, healthy and not full",
    "SQLITE_CORRUPT": "the file is damaged; restore it from a backup",
    "SQLITE_NOTADB": "the file is not a database; give the path of another file",
}
"""By the name of SQLite's result code (https://www.sqlite.org/rescode.html); longer names begin with these."""

_POSTGRESQL: Final = {
    "08": "the connection failed; check that the server runs and can be reached",
    "25006": "it only accepts reading; connect to the primary server",
    "28": "the server refuses this user; check name and password",
    "3D": "there is no database of that name; create it",
    "42501": "this user may not do that; grant the rights",
    "53": "the server has no room (disk, memory or connections); give it more",
    "57": "the server is shutting down or was told to stop; start it again",
    "58": "the server reports errors of its disk; check its log",
}
"""By the beginning of the SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


_HUNG_UP: Final = "it hung up; is it PostgreSQL?"
_KINDS: Final = {"SQLITE_NOTADB": NotOurs, "SQLITE_CORRUPT": Damaged}


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Raise trouble with the database called ``name`` as its sentence; other errors pass through."""
    try:
        yield
    except Exception as error:
        sentence = explain(error, name)
        if sentence is None:
            raise
        raise sentence from error


def explain(error: BaseException, name: str) -> StorageUnavailable | None:
    """The sentence for trouble with the database called ``name``; None if the error is something else."""
    if isinstance(error, OSError):  # asyncpg raises these bare when it can't connect
        why = _unreachable(error)
        return StorageUnavailable(f"{name}: the server can't be reached ({why}); check that it runs and the address")
    if not isinstance(error, DBAPIError):
        return _of_driver(error, name)
    if error.connection_invalidated:
        return StorageUnavailable(f"{name}: the connection was lost; check that the server runs and can be reached")
    return _of_driver(error.orig, name)


def _unreachable(error: OSError) -> str:
    """Why nobody answered, without the system's error numbers."""
    match error:
        case ConnectionRefusedError():
            return "nothing listens there"
        case socket.gaierror():
            return "no computer of that name is known"
        case TimeoutError():
            return "no answer"
        case ConnectionResetError() | BrokenPipeError():
            return _HUNG_UP
        case ConnectionError() if "connection_lost" in str(error):  # asyncpg's words for the same
            return _HUNG_UP
        case _:
            return error.strerror or str(error)


def _of_driver(error: BaseException | None, name: str) -> StorageUnavailable | None:
    code = getattr(error, "sqlite_errorname", None)
    if isinstance(code, str):
        kinds = (kind for start, kind in _KINDS.items() if code.startswith(start))
        return _first(_SQLITE, code, name, next(kinds, StorageUnavailable))
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _first(_POSTGRESQL, state, name, StorageUnavailable)
    cause = error.__cause__ if error is not None else None
    return _of_driver(cause, name) if cause is not None else None


def _first(
    sentences: dict[str, str], code: str, name: str, kind: type[StorageUnavailable]
) -> StorageUnavailable | None:
    return next((kind(f"{name}: {text}") for start, text in sentences.items() if code.startswith(start)), None)
