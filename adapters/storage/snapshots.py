"""The state of a moment, lent to one reader after the other as long as nothing was committed since."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Final

from dialogue.ports import UnitOfWork

Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


class _Snapshot:
    """A unit of work that is open, and how many changes there had been when it began."""

    def __init__(self, unit: UnitOfWork, changes: int, opened: AsyncExitStack) -> None:
        self.unit: Final = unit
        self.changes: Final = changes
        self._opened = opened

    async def end(self) -> None:
        await self._opened.aclose()


class Snapshots:
    """Reads where one process alone writes: what it has not committed is nobody's news.

    Whoever reads next sees the same as who read before, so the unit of work is lent again, with what it has read
    already. It is lent to one at a time; who comes meanwhile begins another.
    """

    def __init__(self, begin: Begin) -> None:
        """``begin``: a unit of work that only reads, from one consistent state."""
        self._begin = begin
        self._changes = 0
        self._spare: _Snapshot | None = None

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that sees all that was committed before. Used no more after the block."""
        snapshot, self._spare = self._spare, None
        snapshot = snapshot or await self._new()
        try:
            yield snapshot.unit
        except BaseException:
            await snapshot.end()
            raise
        await self._keep(snapshot)

    async def outdate(self) -> None:
        """Something is about to be committed, or was just now: what was read before is lent no more."""
        self._changes += 1
        outdated, self._spare = self._spare, None
        if outdated:
            await outdated.end()

    async def _keep(self, snapshot: _Snapshot) -> None:
        if self._spare is None and snapshot.changes == self._changes:
            self._spare = snapshot
        else:
            await snapshot.end()

    async def _new(self) -> _Snapshot:
        changes = self._changes  # before it begins: what is committed meanwhile may be missing in it
        async with AsyncExitStack() as opening:
            unit = await opening.enter_async_context(self._begin())
            return _Snapshot(unit, changes, opening.pop_all())
