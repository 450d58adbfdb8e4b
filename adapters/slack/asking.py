"""Questions to Slack: a few at a time, none before a limit is over, and none that holds everything up for good."""

import asyncio
from datetime import datetime
from typing import Final

from adapters.slack.api import Api, Me
from adapters.slack.errors import tries_before_unknown
from adapters.slack.fields import Table
from dialogue.errors import RateLimited, Rejected, SendError, Unavailable
from dialogue.ports import Clock

AT_ONCE: Final = 20
"""Questions that are open at one time."""
MOST_REMEMBERED: Final = 1_000


class Asking:
    """Asks for one workspace. Raises RateLimited, Unavailable or Rejected."""

    def __init__(self, api: Api, me: Me, clock: Clock) -> None:
        self._api = api
        self._me = me
        self._clock = clock
        self._lines = asyncio.Semaphore(AT_ONCE)
        self._limited: dict[str, datetime] = {}
        self._failed: dict[str, int] = {}

    async def read(self, method: str, **arguments: str | int) -> Table:
        """Ask. After a RateLimited the method is called by nobody until that time is over."""
        async with self._lines:
            rest = self._limited.get(method, self._clock.now()) - self._clock.now()
            if rest.total_seconds() > 0:
                raise RateLimited(rest)
            try:
                return await self._api.read(method, **arguments)
            except RateLimited as error:
                self._limited[method] = self._clock.now() + error.after
                raise

    async def about(self, one: str, method: str, **arguments: str | int) -> Table:
        """Ask about one person or channel: also Rejected where Slack answers other questions and not this one."""
        try:
            told = await self.read(method, **arguments)
        except Unavailable as error:
            if await self._is_hopeless(one, error):
                raise Rejected(str(error)) from error
            raise
        self._failed.pop(one, None)
        return told

    async def _is_hopeless(self, one: str, error: Unavailable) -> bool:
        most = tries_before_unknown(error)
        if most is None:
            return False
        while len(self._failed) >= MOST_REMEMBERED:
            del self._failed[next(iter(self._failed))]
        self._failed[one] = self._failed.get(one, 0) + 1
        if self._failed[one] < most:
            return False
        try:
            await self.read("users.info", user=self._me.user)
        except SendError:
            # it is Slack that is in trouble
            return False
        del self._failed[one]
        return True
