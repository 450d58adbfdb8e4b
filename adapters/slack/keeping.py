"""Answers that are kept for a while, each asked for once however many want it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from dialogue.ports import Clock

FRESH_FOR: Final = timedelta(minutes=10)
"""How long an answer holds where no event says otherwise."""
MOST_KEPT: Final = 10_000

Entry = TypeVar("Entry")


class Kept(Generic[Entry]):
    """Answers by name, never None; the oldest go first. ``ask``: gets one, and may raise."""

    def __init__(self, clock: Clock, ask: Callable[[str], Awaitable[Entry]]) -> None:
        self._clock = clock
        self._ask = ask
        self._entries: dict[str, tuple[datetime, Entry]] = {}
        self._asking: dict[str, asyncio.Future[None]] = {}

    @property
    def wanted(self) -> int:
        """How many are being asked for now."""
        return len(self._asking)

    def known(self, name: str) -> Entry | None:
        """What is kept, without asking."""
        found = self._entries.get(name)
        return found[1] if found is not None and found[0] > self._clock.now() else None

    async def get(self, name: str) -> Entry:
        """What is kept, or is asked for now. Raises what ``ask`` raises."""
        while True:
            found = self.known(name)
            if found is not None:
                return found
            asking = self._asking.get(name)
            if asking is None:
                return await self._ask_first(name)
            # who waits asks again where the first one got no answer, or one that was forgotten meanwhile
            await asyncio.wait({asking})

    def put(self, name: str, entry: Entry) -> None:
        """Keep what was told without asking."""
        self.forget(name)
        self._keep(name, entry)

    def suppose(self, name: str, entry: Entry) -> None:
        """Keep what may be a moment old, so not instead of what is kept already."""
        if self.known(name) is None:
            self._entries.pop(name, None)
            self._keep(name, entry)

    def forget(self, name: str) -> None:
        """It has changed: also what is being asked for now is not kept."""
        self._entries.pop(name, None)
        self._asking.pop(name, None)

    def forget_all(self) -> None:
        """Anything may have changed."""
        self._entries.clear()
        self._asking.clear()

    def _keep(self, name: str, entry: Entry) -> None:
        while len(self._entries) >= MOST_KEPT:
            del self._entries[next(iter(self._entries))]
        self._entries[name] = (self._clock.now() + FRESH_FOR, entry)

    async def _ask_first(self, name: str) -> Entry:
        asking = self._asking[name] = asyncio.get_running_loop().create_future()
        try:
            entry = await self._ask(name)
            if self._asking.get(name) is asking:
                self.put(name, entry)
            return entry
        finally:
            if self._asking.get(name) is asking:
                del self._asking[name]
            asking.set_result(None)
