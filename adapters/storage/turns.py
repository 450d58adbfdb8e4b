"""Who may write next: one at a time or a few, in the order in which they asked, those whom people wait for first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """``most``: how many may write at once."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @property
    def wanted(self) -> bool:
        """Whether anybody waits."""
        return bool(self._urgent or self._others)

    @asynccontextmanager
    async def taken(self, *, urgent: bool) -> AsyncIterator[None]:
        """Write within the block. Raises ``CancelledError`` where waiting is broken off; then no turn is lost."""
        await self._take(self._urgent if urgent else self._others)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, line: deque["asyncio.Future[None]"]) -> None:
        if self._free and not self.wanted:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            else:
                line.remove(turn)
            raise

    def _pass_on(self) -> None:
        """The turn goes to the next in line, so that nobody who comes later overtakes them."""
        for line in (self._urgent, self._others):
            while line:
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._free += 1
