"""Connections to SQLite files that cost one trip to their thread for a statement, where plain aiosqlite's cost four.

SQLAlchemy asks its driver for a cursor, lets it execute, fetches every row and closes it. Here the first and the last
do nothing, and the statement is executed and its rows are fetched at once: a replay then takes a seventh less time.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite

_CHUNK = 64  # rows; for aiosqlite's own iteration, which SQLAlchemy does not use
_STATEMENTS = 1_000
"""How many statements a connection keeps prepared: more than there are. With Python's own 128 a replay took a tenth
more time, measured while each length of a list of names was a statement of its own."""


class SqliteConnection(aiosqlite.Connection):
    """Gives out :class:`SqliteCursor`."""

    def __init__(self, path: Path) -> None:
        super().__init__(lambda: connect(path), _CHUNK)
        self._thread.daemon = True  # a connection that was never closed must not keep the program from ending

    def cursor(self) -> "SqliteCursor":  # type: ignore[override]  # what SQLAlchemy uses of aiosqlite's
        """A cursor, without asking the thread."""
        return SqliteCursor(self)

    async def in_thread(self, work: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> sqlite3.Cursor:
        """Do ``work`` in the connection's thread."""
        cursor: sqlite3.Cursor = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return cursor


class SqliteCursor:
    """What SQLAlchemy uses of a cursor (:class:`sqlalchemy.connectors.asyncio.AsyncIODBAPICursor`)."""

    arraysize = 1

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self._cursor: sqlite3.Cursor | None = None

    @property
    def description(self) -> Any:
        """See :pep:`249`."""
        return None if self._cursor is None else self._cursor.description

    @property
    def rowcount(self) -> int:
        """See :pep:`249`."""
        return -1 if self._cursor is None else self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """See :pep:`249`."""
        return None if self._cursor is None else self._cursor.lastrowid

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Execute, and fetch every row."""

        def work(connection: sqlite3.Connection) -> sqlite3.Cursor:
            cursor = connection.execute(sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else ()
            return cursor

        self._cursor = await self._connection.in_thread(work)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Execute once for each element."""
        self._cursor = await self._connection.in_thread(lambda connection: connection.executemany(sql, parameters))
        return self

    async def fetchall(self) -> Sequence[Any]:
        """The rows that were fetched."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open: every row was fetched."""

    async def __aenter__(self) -> Self:
        return self


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose transactions begin as ``engines.py`` says, not as the driver guesses."""
    return sqlite3.connect(path, isolation_level=None, cached_statements=_STATEMENTS)
