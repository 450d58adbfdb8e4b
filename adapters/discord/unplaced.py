"""Deletions in direct channels of which nothing told since the start: Discord is asked who writes there."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from adapters.discord.client import Wait
from adapters.discord.intake import PATIENCE, Intake
from adapters.discord.parse import Reader, gone_in, removed
from adapters.discord.payload import Malformed, Payload, children, identifier, payload_of
from adapters.discord.session import Session
from adapters.discord.skipping import skipping
from dialogue.errors import RateLimited, Rejected, SendError
from dialogue.ports import Clock

MOST: Final = 1000
"""Channels that are looked up at the same time, and deletions that wait for one of them."""

Deletion = tuple[str, Payload]


class Unplaced:
    """Finds their place beside the gateway, and hands them over then; what has none is logged."""

    def __init__(
        self, session: Session, intake: Intake, clock: Clock, wait: Wait, reader: Callable[[], Reader]
    ) -> None:
        self._session = session
        self._intake = intake
        self._clock = clock
        self._wait = wait
        self._reader = reader
        self._waiting: dict[str, list[Deletion]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, name: str, payload: Payload) -> None:
        """Messages were deleted in a channel that is of no server."""
        channel = identifier(payload, "channel_id")
        waiting = self._waiting.get(channel)
        if len(self._waiting if waiting is None else waiting) >= MOST:
            _log_unknown(name, channel)
        elif waiting is not None:
            waiting.append((name, payload))
        else:
            self._waiting[channel] = [(name, payload)]
            task = asyncio.get_running_loop().create_task(self._place(channel))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Break off what is not found yet."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._waiting.clear()

    async def _place(self, channel: str) -> None:
        told = await self._told(channel)
        reader, waiting = self._reader(), self._waiting.pop(channel)
        first = min((each for _, payload in waiting for each in gone_in(payload)), key=int)
        with skipping("CHANNEL"):
            for user in children(told, "recipients"):
                reader.direct_place(first, channel, user)
        for name, payload in waiting:
            gone = removed(payload, reader, self._clock.now())
            for event in gone:
                self._intake.put(event)
            if not gone:
                _log_unknown(name, channel)

    async def _told(self, channel: str) -> Payload:
        """The channel, empty where there is none. Whoever can't be asked now is asked again."""
        tries = 0
        while True:
            try:
                return payload_of(await self._session.ask("GET", "/channels/{channel_id}", channel_id=channel))
            except (Rejected, Malformed):
                return {}
            except RateLimited as error:
                await self._wait(error.after.total_seconds())
            except SendError:
                await self._wait(PATIENCE[min(tries, len(PATIENCE) - 1)])
                tries += 1


def _log_unknown(name: str, channel: str) -> None:
    structlog.get_logger().warning("deletion_of_unknown_place", payload=name, space=None, channel=channel)
