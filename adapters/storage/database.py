"""The database as a whole: opened once, asked for units of work, closed at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage import engines, model_jobs, outbox
from adapters.storage.address import Address
from adapters.storage.codec import Codec
from adapters.storage.database_file import DatabaseFile, must_exist
from adapters.storage.errors import OnlyReads
from adapters.storage.in_loop import InLoopEngine
from adapters.storage.search import VoiceIndexes
from adapters.storage.snapshots import Snapshots
from adapters.storage.teams import RouteBook
from adapters.storage.transaction import Transaction
from adapters.storage.turns import Turns
from adapters.storage.unit_of_work import SqlUnitOfWork
from adapters.storage.upgrade import bring_up, must_be_current
from dialogue.ports import Sealer, Storage, UnitOfWork


class Access(StrEnum):
    """What a database is opened for. Any number may read beside the one process that writes to a SQLite file."""

    WRITE = "write"
    READ = "read"


class Database(Storage):
    """SQLite or PostgreSQL; see :class:`dialogue.ports.Storage`."""

    def __init__(
        self, address: Address, access: Access, sealer: Sealer, file: DatabaseFile | None, *, in_loop: bool
    ) -> None:
        self.name = address.name
        self._access = access
        self._file = file
        self._codec = Codec(sealer)
        self._indexes = VoiceIndexes()
        self._book = RouteBook()
        here = address.path if in_loop else None
        self._writers = engines.writing_in_loop(here) if here else engines.writing(address)
        self._readers = engines.reading_in_loop(here) if here else engines.reading(address)
        # on PostgreSQL other processes write, too: there each reader looks anew
        self._snapshots = Snapshots(self._look) if file else None
        # SQLite writes one transaction at a time: callers queue here, in order
        self._turns = Turns(1 if address.path else engines.WRITERS)

    @classmethod
    async def open(cls, url: str, sealer: Sealer, access: Access = Access.WRITE, *, in_loop: bool = False) -> Self:
        """Open ``sqlite:///file.db`` or ``postgresql://user:password@host/name``.

        For writing, the file is made where there is none, claimed for this process, and its tables are brought up to
        date. For reading, everything must be there. ``in_loop``: SQLite's statements are executed in the loop's thread,
        which is quicker, and stands still meanwhile; for programs in which nobody else waits for it.

        Raises :class:`~dialogue.errors.StorageUnavailable` (see :mod:`adapters.storage.errors`), whose message names
        the database and says what to do.
        """
        address = Address.parse(url)
        file = None
        if address.path and access is Access.WRITE:
            file = DatabaseFile.claim(address.path)
        elif address.path:
            must_exist(address.path)
        database = cls(address, access, sealer, file, in_loop=in_loop)
        try:
            if access is Access.WRITE:
                await bring_up(address)
                await database._let_go()
            else:
                await must_be_current(address)
        except BaseException:
            await database.close()
            raise
        return database

    async def _let_go(self) -> None:
        """A program that was killed leaves claims; the file is ours alone, so nobody holds them any more."""
        if self._file:
            async with self._transaction(self._writers, writes=True) as transaction:
                await transaction.run(outbox.LET_GO)
                await transaction.run(model_jobs.LET_GO)
                await transaction.commit()

    async def close(self) -> None:
        """Close every connection and let another process write. Units of work must have ended."""
        await self._outdate()
        await self._writers.dispose()
        await self._readers.dispose()
        if self._file:
            self._file.release()
            self._file = None

    @property
    def wanted(self) -> bool:
        """Whether somebody waits to write."""
        return self._turns.wanted

    async def scrub(self) -> None:
        """Overwrite what was erased in the log beside a SQLite file."""
        if self._file:
            await self._outdate()  # who still reads an earlier state needs the log
            async with self._turns.taken(urgent=False):
                await asyncio.to_thread(self._file.empty_log)

    @asynccontextmanager
    async def begin(self, *, urgent: bool = False) -> AsyncIterator[UnitOfWork]:
        """A unit of work that may write."""
        if self._access is Access.READ:
            raise OnlyReads(f"{self.name} was opened for reading only")
        async with self._turns.taken(urgent=urgent):
            if self._file:
                self._file.check()
            async with self._unit(self._writers, writes=True) as unit:
                yield unit

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that only reads."""
        async with self._snapshots.lent() if self._snapshots else self._look() as unit:
            yield unit

    @asynccontextmanager
    async def _look(self) -> AsyncIterator[UnitOfWork]:
        async with self._unit(self._readers, writes=False) as unit:
            yield unit

    async def _outdate(self) -> None:
        if self._snapshots:
            await self._snapshots.outdate()

    @asynccontextmanager
    async def _unit(self, engine: AsyncEngine | InLoopEngine, *, writes: bool) -> AsyncIterator[UnitOfWork]:
        async with self._transaction(engine, writes=writes) as transaction:
            yield SqlUnitOfWork(transaction, self._codec, self._indexes, self._book)

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine | InLoopEngine, *, writes: bool) -> AsyncIterator[Transaction]:
        transaction = Transaction(engine, self.name, self._outdate, writes=writes)
        try:
            await transaction.begin()
            yield transaction
        finally:
            await transaction.end()
