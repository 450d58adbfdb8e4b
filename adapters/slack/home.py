"""The app's home: made when somebody opens it, beside everything else, for nothing is lost where it fails."""

import asyncio
from typing import Final

import structlog

from adapters.slack.api import Api
from adapters.slack.errors import mistake
from adapters.slack.fields import Table, is_id, text
from adapters.slack.reading import Reader, skipped
from adapters.slack.render import blocks_of
from dialogue.errors import Refused, SendError, StorageUnavailable
from dialogue.interactions import Interactions
from dialogue.posts import Post, plain
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import SpaceId

OPENED: Final = "app_home_opened"
BLOCKS: Final = 100
"""Blocks of a home."""
MOST_AT_ONCE: Final = 50
"""Homes that are made at one time; who opens one more sees theirs as it was."""


class Home:
    """Shows people their homes. ``texts``: as commands are typed here."""

    def __init__(self, space: SpaceId, api: Api, reader: Reader, interactions: Interactions, texts: Texts) -> None:
        self._space = space
        self._api = api
        self._reader = reader
        self._interactions = interactions
        self._texts = texts
        self._making: dict[str, asyncio.Task[None]] = {}

    def open(self, event: Table) -> None:
        """Somebody opened the app; returns at once."""
        user = text(event, "user")
        if not is_id(user):
            skipped(OPENED, "malformed")
        elif text(event, "tab") == "home" and user not in self._making and len(self._making) < MOST_AT_ONCE:
            task = asyncio.ensure_future(self._show(user))
            self._making[user] = task
            task.add_done_callback(lambda done: self._made(user, done))

    async def close(self) -> None:
        """Make none any more."""
        making = tuple(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)

    async def _show(self, user: str) -> None:
        blocks = blocks_of(await self._post(user))[:BLOCKS]
        await self._api.act("views.publish", {"user_id": user, "view": {"type": "home", "blocks": blocks}})

    async def _post(self, user: str) -> Post:
        try:
            return await self._interactions.home(self._space, await self._reader.actor(user), self._texts)
        except Refused as refusal:
            return plain(str(refusal))

    def _made(self, user: str, task: asyncio.Task[None]) -> None:
        """Whatever went wrong concerns this page alone."""
        del self._making[user]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, SendError | StorageUnavailable):
            structlog.get_logger().info("home_not_shown", platform="slack", reason=type(error).__name__)
        elif error is not None:
            structlog.get_logger().error("home_failed", platform="slack", reason=mistake(error))
