"""One transaction: statements go in, rows come out, and trouble with the database becomes a sentence."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from typing import Final, TypeVar

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    Connection,
    CursorResult,
    Executable,
    Insert,
    Row,
    Select,
    UpdateBase,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql import FromClause
from sqlalchemy.sql.util import find_tables
from sqlalchemy.sql.visitors import iterate

from adapters.storage.errors import OnlyReads, UnitEnded
from adapters.storage.in_loop import InLoopEngine
from adapters.storage.tables import metadata
from adapters.storage.troubles import explain, explained

Values = Mapping[str, object]
Waiting = dict[str, object]
"""A row that is not written yet: until then it can be changed."""
StoredRow = Row[*tuple[object, ...]]
Outcome = TypeVar("Outcome")
Result = CursorResult[*tuple[object, ...]]
Query = Select[*tuple[object, ...]]

_RANK: Final[Mapping[FromClause, int]] = {table: rank for rank, table in enumerate(metadata.sorted_tables)}
"""After all tables that a table refers to."""
_NAMES_AT_ONCE: Final = 500
"""Far fewer than either database takes."""
ONLY_COUNTS: Final[Mapping[str, bool]] = {"only_counts": True}
"""The execution options of a statement that changes a counter alone, which no query tells of."""


class Transaction:
    """What every table's file runs its statements through.

    Raises :class:`~dialogue.errors.StorageUnavailable` for trouble with the database; other errors are our mistakes and
    pass through.
    """

    def __init__(
        self,
        engine: AsyncEngine | InLoopEngine,
        name: str,
        changes: Callable[[], Awaitable[None]],
        *,
        writes: bool,
    ) -> None:
        """``changes`` is told before and after each commit."""
        self._changes = changes
        self._connection = engine.connect()
        self._name = name
        self.writes = writes
        self._ended = False
        self._undo: list[Callable[[], None]] = []
        self._read: dict[Query, dict[tuple[object, ...], Sequence[StoredRow]]] = {}
        self._waiting: dict[UpdateBase, list[Waiting]] = {}
        self.dialect = engine.dialect.name
        self._waits_on_sqlite = self.dialect == "sqlite" and isinstance(engine, AsyncEngine)

    async def begin(self) -> None:
        """Begin now, so that what is read is the state of this moment."""
        with explained(self._name):
            await to_the_end(self._begin())

    async def rows(self, statement: Executable, values: Values | None = None) -> Sequence[StoredRow]:
        """Every row of a query."""
        return (await self._execute(statement, values)).all()

    async def rows_of(self, query: Query, values: Values, these: Collection[str]) -> Sequence[StoredRow]:
        """Every row of a query that is given ``values`` and, as ``these``, any number of names."""
        named = list(these)
        parts = [named[first : first + _NAMES_AT_ONCE] for first in range(0, len(named), _NAMES_AT_ONCE)]
        return [row for part in parts for row in await self.rows(query, {**values, "these": part})]

    async def rows_once(self, query: Query, values: Values) -> Sequence[StoredRow]:
        """Every row of a query that is asked again and again: read once, and anew when its tables were changed here.

        Where this unit writes, that there is none is asked again each time: another may have made it meanwhile.
        ``query`` is a constant of its module; ``values`` stand in the same order each time.
        """
        self._must_last()
        asked = tuple(values.values())
        known = self._read.get(query, {}).get(asked)
        if known is None or (self.writes and not known):
            known = await self.rows(query, values)
            self._read.setdefault(query, {})[asked] = known
        return known

    async def rows_again(self, query: Query, values: Values) -> Sequence[StoredRow]:
        """As :meth:`rows_once` where nothing changes because this unit only reads, else as :meth:`rows`."""
        return await (self.rows if self.writes else self.rows_once)(query, values)

    async def read_ahead(
        self, query: Query, of_many: Query, community: str, many: Sequence[str]
    ) -> Sequence[StoredRow]:
        """Read at once what :meth:`rows_again` will be asked of each of many; what was found of all.

        ``query`` is given ``community`` and the one. ``of_many`` is given ``community`` and ``many``; its first column
        says of which one a row tells, its others are those of ``query``.
        """
        found: dict[str, list[StoredRow]] = {one: [] for one in many}
        rows = await self.rows(of_many, {"community": community, "many": list(many)}) if many else ()
        for row in rows:
            found[str(row[0])].append(row)
        if not self.writes:
            known = self._read.setdefault(query, {})
            known.update({(community, one): its for one, its in found.items()})
        return rows

    async def rows_written(self, statement: Executable, values: Values) -> Sequence[StoredRow]:
        """The rows of a statement that surely neither asks for nor changes any row that waits."""
        if isinstance(statement, UpdateBase):
            self._must_write()
            self._forget_changed_by(statement)
        self._must_last()
        return (await self._perform(statement, values)).all()

    async def row(self, statement: Executable, values: Values | None = None) -> StoredRow | None:
        """The first row, or None."""
        return next(iter(await self.rows(statement, values)), None)

    async def run(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """Change rows, once per element where a list is given; how many rows were changed (for one)."""
        return (await self._execute(statement, values)).rowcount

    def write_soon(self, statement: UpdateBase, *rows: Waiting) -> None:
        """Write before anything else is changed, before the table is read, and before the commit.

        What is wrong with a row shows only then. ``statement`` is a constant of its module, so that rows of a table are
        written together, those that others refer to first.
        """
        self._must_write()
        self._forget_changed_by(statement)
        self._waiting.setdefault(statement, []).extend(rows)

    def waiting(self, statement: UpdateBase, having: Values) -> Sequence[Waiting]:
        """The rows having these values that :meth:`write_soon` was given, as far as they are not written yet."""
        rows = self._waiting.get(statement, ())
        return [row for row in rows if all(row[name] == value for name, value in having.items())]

    async def returned(self, statement: Executable, values: Sequence[Values]) -> Sequence[StoredRow]:
        """Change rows once per element; what the statement returns."""
        return (await self._execute(statement, values)).all()

    def if_rolled_back(self, undo: Callable[[], None]) -> None:
        """Call this if nothing of this transaction is kept."""
        self._undo.append(undo)

    async def commit(self) -> None:
        """Make it durable; cancelling waits until that is decided."""
        self._must_write()
        await self._write_waiting()
        self._ended = True
        await to_the_end(self._commit())

    async def end(self) -> None:
        """Roll back what was not committed, and give the connection back.

        Never raises for a connection that is gone: then nothing was kept.
        """
        self._forget()
        await to_the_end(self._end())

    async def _begin(self) -> None:
        await self._connection.start()
        await self._connection.begin()

    async def _end(self) -> None:
        if self._connection.sync_connection is None:  # could not even connect
            return
        if not self._ended:
            self._ended = True
            try:
                await self._connection.rollback()
            except Exception as error:
                if explain(error, self._name) is None:
                    raise
                await self._connection.invalidate()
        await self._connection.close()

    async def _commit(self) -> None:
        await self._changes()
        try:
            with explained(self._name):
                await self._connection.commit()
        except BaseException:
            self._forget()
            # a connection whose commit failed may still be inside the transaction: closing it ends that
            await self._connection.invalidate()
            raise
        finally:
            await self._changes()
        self._undo.clear()

    async def _execute(self, statement: Executable, values: Values | Sequence[Values] | None) -> Result:
        if isinstance(statement, UpdateBase):
            self._must_write()
            await self._write_waiting()
            self._forget_changed_by(statement)
        elif isinstance(statement, Select):
            await self._write_for(_tables_of(statement))
        else:
            await self._write_waiting()
        self._must_last()
        return await self._perform(statement, values)

    async def _perform(self, statement: Executable, values: Values | Sequence[Values] | None) -> Result:
        if isinstance(values, Mapping):
            values = _with_even_lists(statement, values)
        return await self._uninterrupted(self._connection.execute(statement, values))

    async def _uninterrupted(self, work: Coroutine[object, object, Outcome]) -> Outcome:
        with explained(self._name):
            if self._waits_on_sqlite:
                # SQLAlchemy must not see a cancellation: it would throw the connection away, and leave it half closed
                return await to_the_end(work)
            return await work

    async def _write_for(self, read: frozenset[FromClause]) -> None:
        """Write what waits for these tables, and what that refers to."""
        tables = {waiting.table for waiting in self._waiting if not _only_counts(waiting)} & read
        if tables:
            referred = frozenset[FromClause]().union(*map(_referred, tables))
            await self._write(
                statement
                for statement in self._waiting
                if statement.table in tables or (isinstance(statement, Insert) and statement.table in referred)
            )

    async def _write_waiting(self) -> None:
        await self._write(self._waiting)

    async def _write(self, statements: Iterable[UpdateBase]) -> None:
        ordered = sorted(statements, key=lambda statement: _RANK[statement.table])
        for statement in ordered:
            self._forget_changed_by(statement)
        written = [(statement, self._waiting.pop(statement)) for statement in ordered]

        def write(connection: Connection) -> None:
            for statement, rows in written:
                connection.execute(statement, rows)

        if written:
            await self._uninterrupted(self._connection.run_sync(write))

    def _forget_changed_by(self, statement: UpdateBase) -> None:
        if not _only_counts(statement):
            for query in [query for query in self._read if statement.table in _tables_of(query)]:
                del self._read[query]

    def _must_last(self) -> None:
        if self._ended:
            raise UnitEnded("this unit of work has ended; begin another")

    def _must_write(self) -> None:
        self._must_last()
        if not self.writes:
            raise OnlyReads("this unit of work only reads; use begin() to write")

    def _forget(self) -> None:
        while self._undo:
            self._undo.pop()()


@cache
def _referred(table: FromClause) -> frozenset[FromClause]:
    """The tables to which rows of this one refer, those to which these refer, and so on."""
    parents = {key.column.table for key in table.foreign_keys} - {table}
    return frozenset(parents).union(*map(_referred, parents))


@lru_cache(maxsize=512)
def _tables_of(query: Query) -> frozenset[FromClause]:
    """Every table a query reads, those it joins or asks on the way among them. Queries are constants of few modules."""
    return frozenset(find_tables(query, include_joins=True, check_columns=True))


def _with_even_lists(statement: Executable, values: Values) -> Values:
    """The same, each list of names as long as a power of two, its last name given again.

    A statement is prepared for each length of a list, and kept: so there are few of them. Longer lists than are asked
    for at once are rare, and left as they are.
    """
    lists = _lists_of(statement) if isinstance(statement, ClauseElement) else ()
    return {name: _even(value) if name in lists else value for name, value in values.items()} if lists else values


def _even(names: object) -> object:
    if not isinstance(names, Sequence) or not 0 < len(names) <= _NAMES_AT_ONCE:
        return names
    return [*names, *[names[-1]] * ((1 << (len(names) - 1).bit_length()) - len(names))]


@lru_cache(maxsize=1024)
def _lists_of(statement: ClauseElement) -> frozenset[str]:
    """Which values of a statement are lists of names. Statements are constants of few modules."""
    return frozenset(one.key for one in iterate(statement) if isinstance(one, BindParameter) and one.expanding)


def _only_counts(statement: UpdateBase) -> bool:
    return ONLY_COUNTS.items() <= statement.get_execution_options().items()


async def to_the_end(work: Coroutine[object, object, Outcome]) -> Outcome:
    """Await ``work`` even if cancelled meanwhile; the cancellation is raised afterwards."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError as cancelled:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        raise cancelled from task.exception()
