"""About one post a second in each channel, as Slack asks for."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from dialogue.errors import RateLimited
from dialogue.ports import Clock

APART: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(seconds=10)
"""A longer line is left to the caller, who may have other things to send."""
_MOST_CHANNELS: Final = 1_000


class Pace:
    """Gives each channel its turns. ``wait``: lets seconds pass."""

    def __init__(self, clock: Clock, wait: Callable[[float], Awaitable[None]]) -> None:
        self._clock = clock
        self._wait = wait
        self._next: dict[str, datetime] = {}

    async def turn(self, channel: str) -> None:
        """Returns when something may be posted there. Raises RateLimited where that would take long."""
        now = self._clock.now()
        if len(self._next) > _MOST_CHANNELS:
            self._next = {name: at for name, at in self._next.items() if at > now}
        at = max(now, self._next.get(channel, now))
        if at - now > LONGEST:
            raise RateLimited(at - now)
        self._next[channel] = at + APART
        if at > now:
            await self._wait((at - now).total_seconds())
