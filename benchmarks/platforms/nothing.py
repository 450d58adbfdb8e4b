"""What stands behind an adapter that is measured alone."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bot.moments import SystemClock
from dialogue.events import Actor
from dialogue.interactions import Choice, Interactions
from dialogue.ports import Clock
from dialogue.posts import Form
from knowledge_base.ids import SpaceId


class NoAnswers(Interactions):
    """Nobody asks anything."""

    def __init__(self) -> None:
        """Without a database."""

    async def complete(
        self, space: SpaceId, actor: Actor, noun: str, verb: str, option: str, typed: str
    ) -> Sequence[Choice]:
        """Nothing."""
        return ()

    async def open_form(self, space: SpaceId, actor: Actor, custom_id: str) -> Form:
        """An empty one."""
        return Form(custom_id, "", (), "")

    async def validate(
        self, space: SpaceId, actor: Actor, custom_id: str, values: Mapping[str, str]
    ) -> Mapping[str, str]:
        """All is well."""
        return {}


class HurriedClock(Clock):
    """Time passes fifty times as fast, so that no pace between posts to one channel makes anybody wait."""

    def __init__(self) -> None:
        self._began = SystemClock().now()

    def now(self) -> datetime:
        """Later than it is."""
        return self._began + 50 * (SystemClock().now() - self._began)


@asynccontextmanager
async def beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """It runs while the block does. Where it fails, so does the block."""
    async with asyncio.TaskGroup() as both:
        running = both.create_task(work)
        try:
            yield
        finally:
            running.cancel()
