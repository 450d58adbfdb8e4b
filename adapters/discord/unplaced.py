"""Deletions in direct channels of which nothing told since the start: Discord is asked who writes there."""

import asyncio
from collections.abc import Callable

import structlog

from adapters.discord.intake import Intake
from adapters.discord.parse import Reader, removed
from adapters.discord.payload import Malformed, Payload, children, identifier, payload_of
from adapters.discord.session import Session
from dialogue.errors import SendError
from dialogue.ports import Clock


class Unplaced:
    """Finds their place beside the gateway, and hands them over then; what has none is logged."""

    def __init__(self, session: Session, intake: Intake, clock: Clock, reader: Callable[[], Reader]) -> None:
        self._session = session
        self._intake = intake
        self._clock = clock
        self._reader = reader
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, name: str, payload: Payload) -> None:
        """Messages were deleted in a channel that is of no server."""
        task = asyncio.get_running_loop().create_task(self._place(name, payload, identifier(payload, "channel_id")))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Break off what is not found yet."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _place(self, name: str, payload: Payload, channel: str) -> None:
        reader = self._reader()
        try:
            told = payload_of(await self._session.ask("GET", "/channels/{channel_id}", channel_id=channel))
            for user in children(told, "recipients"):
                reader.direct_place(channel, user)
            gone = removed(payload, reader, self._clock.now())
        except (SendError, Malformed):
            gone = ()
        for event in gone:
            self._intake.put(event)
        if not gone:
            structlog.get_logger().warning("deletion_of_unknown_place", payload=name, space=None, channel=channel)
