"""Connections, set up as each database needs it: those that write and those that only read."""

from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from adapters.storage.address import Address
from adapters.storage.in_loop import InLoopEngine
from adapters.storage.sqlite_driver import SqliteConnection, connect

READERS = 4
WRITERS = 5
ROWS_AT_ONCE = 32
"""At most so many rows go into one ``INSERT … RETURNING`` on SQLite: a statement is kept prepared for each number of
rows, and one for a thousand rows of the inbox takes half a megabyte."""
BUSY_TIMEOUT = 5000
"""Milliseconds to wait for another program that looks into the same SQLite file."""


def writing(address: Address) -> AsyncEngine:
    """For changes. On SQLite a single connection, whose transactions take the write lock when they begin."""
    if address.path is None:
        return create_async_engine(address.url, pool_size=WRITERS, pool_reset_on_return=None, pool_pre_ping=True)
    engine = _sqlite(address.url, address.path, 1)
    _set_up_to_write(engine.sync_engine)
    return engine


def reading(address: Address) -> AsyncEngine:
    """For queries, each transaction from one consistent state, beside any writer."""
    if address.path is None:
        engine = create_async_engine(address.url, pool_size=READERS, pool_reset_on_return=None, pool_pre_ping=True)
        event.listen(engine.sync_engine, "begin", _begin_reading)
        return engine
    engine = _sqlite(address.url, address.path, READERS)
    _set_up_to_read(engine.sync_engine)
    return engine


def writing_in_loop(path: Path) -> InLoopEngine:
    """As :func:`writing` to a SQLite file, in the loop's thread."""
    engine = _in_loop(path)
    _set_up_to_write(engine)
    return InLoopEngine(engine)


def reading_in_loop(path: Path) -> InLoopEngine:
    """As :func:`reading` a SQLite file, in the loop's thread."""
    engine = _in_loop(path)
    _set_up_to_read(engine)
    return InLoopEngine(engine)


def _sqlite(url: URL, path: Path, connections: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        insertmanyvalues_page_size=ROWS_AT_ONCE,
        pool_reset_on_return=None,  # a unit of work always ends its own transaction
        async_creator=lambda: SqliteConnection(path),
    )


def _in_loop(path: Path) -> Engine:
    return create_engine(
        "sqlite://",
        creator=lambda: connect(path),
        poolclass=QueuePool,
        max_overflow=-1,  # who waited for a connection would keep the loop from giving it back
        insertmanyvalues_page_size=ROWS_AT_ONCE,
        pool_reset_on_return=None,
    )


def _set_up_to_write(engine: Engine) -> None:
    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        _pragmas(
            connection,
            "journal_mode=WAL",
            "synchronous=FULL",  # a commit is on the disk before anybody is told, also if the power fails
            "secure_delete=ON",  # what is erased is overwritten, also where SQLite was built to leave it
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
        )

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", _begin_immediate)


def _set_up_to_read(engine: Engine) -> None:
    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        _pragmas(connection, "query_only=ON", f"busy_timeout={BUSY_TIMEOUT}")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", _begin_deferred)


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
