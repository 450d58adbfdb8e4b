"""Discord's rate limits, as its answers tell of them: only who finds one used up waits, and never for long."""

import asyncio
from typing import Final

import aiohttp
import discord
from discord.http import Ratelimit

LONGEST_WAIT: Final = 3.0
"""Seconds for which a request waits for a limit, before it is sent and after each of its five tries; a longer wait is
told to the caller. All of them together are less than the time of a request."""


class Bucket(Ratelimit):
    """One limit. The library's own refuses while there is room, too, and holds up the request that used it up."""

    async def acquire(self) -> None:
        """Returns once there is room. Raises :class:`discord.RateLimited` where that takes too long."""
        self._last_request = self._loop.time()
        until = self._last_request + LONGEST_WAIT
        while not self._has_room():
            await self._wait(until)
        self.remaining -= 1
        self.outgoing += 1

    def update(self, response: aiohttp.ClientResponse, *, use_clock: bool = False) -> None:
        """Discord told how much room there is, without what is on its way there."""
        super().update(response, use_clock=use_clock)
        self.remaining = int(response.headers.get("X-RateLimit-Remaining", 0)) - (self.outgoing - 1)

    def reset(self) -> None:
        """Its time is over."""
        self.remaining, self.expires = self.limit - self.outgoing, None
        self.reset_after, self.dirty = 0.0, False

    async def __aexit__(self, *_raised: object) -> None:
        """Whoever waits looks again: there may be room now, or it is known when there will be."""
        self.outgoing -= 1
        if self.expires is None and self.remaining <= 0:  # Discord told of no limit
            self.reset()
        self._wake(len(self._pending_requests))

    def _has_room(self) -> bool:
        if self.is_expired():
            self.reset()
        return self.remaining > 0

    async def _wait(self, until: float) -> None:
        """Until something is over: the limit's time, or another request, which may tell of it."""
        left = None if self.expires is None else self.expires - self._loop.time()
        if left is not None and self._loop.time() + left > until:
            raise discord.RateLimited(left)
        over: asyncio.Future[None] = self._loop.create_future()
        self._pending_requests.append(over)
        try:
            await asyncio.wait([over], timeout=left)
        finally:
            over.cancel()
