"""SQLite in the loop's own thread, for programs in which nobody else waits for the loop.

A trip to another thread and back takes several times as long as most statements, and so does what SQLAlchemy does to
wait for it. Here every statement is executed at once, and the loop stands still meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Executable
from sqlalchemy.engine import Dialect

Outcome = TypeVar("Outcome")
Values = Mapping[str, object]


class InLoopConnection:
    """What a transaction uses of :class:`sqlalchemy.ext.asyncio.AsyncConnection`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.sync_connection: Connection | None = None
        self._connected: Connection

    async def start(self) -> None:
        """Connect; before anything else."""
        self._connected = self.sync_connection = self._engine.connect()

    async def begin(self) -> None:
        """Begin a transaction."""
        self._connected.begin()

    async def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None
    ) -> CursorResult[*tuple[object, ...]]:
        """Execute a statement."""
        return self._connected.execute(statement, values)

    async def run_sync(self, work: Callable[[Connection], Outcome]) -> Outcome:
        """Do ``work`` with the connection."""
        return work(self._connected)

    async def commit(self) -> None:
        """Make the transaction durable."""
        self._connected.commit()

    async def rollback(self) -> None:
        """Keep nothing of the transaction."""
        self._connected.rollback()

    async def invalidate(self) -> None:
        """Let nobody use this connection again."""
        self._connected.invalidate()

    async def close(self) -> None:
        """Give the connection back."""
        self._connected.close()


class InLoopEngine:
    """What a database uses of :class:`sqlalchemy.ext.asyncio.AsyncEngine`."""

    def __init__(self, engine: Engine) -> None:
        self.sync_engine = engine

    @property
    def dialect(self) -> Dialect:
        """The dialect of all connections."""
        return self.sync_engine.dialect

    def connect(self) -> InLoopConnection:
        """A connection that is not started yet."""
        return InLoopConnection(self.sync_engine)

    async def dispose(self) -> None:
        """Close every connection."""
        self.sync_engine.dispose()
