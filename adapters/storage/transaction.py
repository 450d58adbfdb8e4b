"""One transaction: statements go in, rows come out, and trouble with the database becomes a sentence."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence

from sqlalchemy import CursorResult, Executable, Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.errors import OnlyReads, UnitEnded
from adapters.storage.troubles import explain

Values = Mapping[str, object]
StoredRow = Row[*tuple[object, ...]]
Result = CursorResult[*tuple[object, ...]]


class Transaction:
    """What every table's file runs its statements through.

    Raises :class:`~dialogue.errors.StorageUnavailable` for trouble with the database; other errors are our mistakes and
    pass through.
    """

    def __init__(self, connection: AsyncConnection, name: str, *, writes: bool) -> None:
        self._connection = connection
        self._name = name
        self._writes = writes
        self._ended = False
        self._undo: list[Callable[[], None]] = []
        self.dialect = connection.dialect.name

    async def begin(self) -> None:
        """Begin now, so that what is read is the state of this moment."""
        try:
            await self._connection.begin()
        except (SQLAlchemyError, OSError) as error:
            raise self._explained(error) from error

    async def rows(self, statement: Executable, values: Values | None = None) -> Sequence[StoredRow]:
        """Every row of a query."""
        return (await self._execute(statement, values)).all()

    async def row(self, statement: Executable, values: Values | None = None) -> StoredRow | None:
        """The first row, or None."""
        return next(iter(await self.rows(statement, values)), None)

    async def run(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """Change rows, once per element where a list is given; how many rows were changed (for one)."""
        return (await self._execute(statement, values)).rowcount

    async def returned(self, statement: Executable, values: Sequence[Values]) -> Sequence[StoredRow]:
        """Change rows once per element; what the statement returns."""
        return (await self._execute(statement, values)).all()

    def if_rolled_back(self, undo: Callable[[], None]) -> None:
        """Call this if nothing of this transaction is kept."""
        self._undo.append(undo)

    async def commit(self) -> None:
        """Make it durable; cancelling waits until that is decided."""
        if self._ended:
            raise UnitEnded("this unit of work was committed already; begin another")
        if not self._writes:
            raise OnlyReads("this unit of work only reads; use begin() to write")
        self._ended = True
        try:
            await to_the_end(self._connection.commit())
        except (SQLAlchemyError, OSError) as error:
            self._forget()
            raise self._explained(error) from error
        self._undo.clear()

    async def end(self) -> None:
        """Roll back what was not committed. Never raises for a connection that is gone: then nothing was kept."""
        self._forget()
        if not self._ended:
            self._ended = True
            try:
                await self._connection.rollback()
            except (SQLAlchemyError, OSError):
                await self._connection.invalidate()

    async def _execute(self, statement: Executable, values: Values | Sequence[Values] | None) -> Result:
        if self._ended:
            raise UnitEnded("this unit of work has ended; begin another")
        try:
            return await self._connection.execute(statement, values)
        except (SQLAlchemyError, OSError) as error:
            raise self._explained(error) from error

    def _explained(self, error: Exception) -> Exception:
        return explain(error, self._name) or error

    def _forget(self) -> None:
        while self._undo:
            self._undo.pop()()


async def to_the_end(work: Coroutine[None, None, None]) -> None:
    """Await ``work`` even if cancelled meanwhile; the cancellation is raised afterwards."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from task.exception()
    task.result()
