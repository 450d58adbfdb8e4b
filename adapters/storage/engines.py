"""Connections, set up as each database needs it: those that write and those that only read."""

from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.storage.address import Address
from adapters.storage.sqlite_driver import SqliteConnection

READERS = 4
WRITERS = 5
BUSY_TIMEOUT = 5000
"""Milliseconds to wait for another program that looks into the same SQLite file."""


def writing(address: Address, *, in_loop: bool = False) -> AsyncEngine:
    """For changes. On SQLite a single connection, whose transactions take the write lock when they begin.

    ``in_loop``: SQLite's statements are executed in the loop's thread.
    """
    if address.path is None:
        return create_async_engine(address.url, pool_size=WRITERS, pool_reset_on_return=None, pool_pre_ping=True)
    engine = _sqlite(address.url, address.path, 1, in_loop=in_loop)

    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        _pragmas(
            connection,
            "journal_mode=WAL",
            "synchronous=FULL",  # a commit is on the disk before anybody is told, also if the power fails
            "secure_delete=ON",  # what is erased is overwritten, also where SQLite was built to leave it
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
        )

    event.listen(engine.sync_engine, "connect", configure)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def reading(address: Address, *, in_loop: bool = False) -> AsyncEngine:
    """For queries, each transaction from one consistent state, beside any writer."""
    if address.path is None:
        engine = create_async_engine(address.url, pool_size=READERS, pool_reset_on_return=None, pool_pre_ping=True)
        event.listen(engine.sync_engine, "begin", _begin_reading)
        return engine
    engine = _sqlite(address.url, address.path, READERS, in_loop=in_loop)

    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        _pragmas(connection, "query_only=ON", f"busy_timeout={BUSY_TIMEOUT}")

    event.listen(engine.sync_engine, "connect", configure)
    event.listen(engine.sync_engine, "begin", _begin_deferred)
    return engine


def _sqlite(url: URL, path: Path, connections: int, *, in_loop: bool) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,  # a unit of work always ends its own transaction
        async_creator=lambda: SqliteConnection(path, in_loop=in_loop),
    )


def _pragmas(connection: DBAPIConnection, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
