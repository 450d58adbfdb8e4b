"""Vectors that other models made are made again in the background, from what the voices' messages say.

Old and new ones are never compared, so until then an old voice is only not found. Nothing is remembered but what is
stored: whoever was killed goes on with the voices that are left. A few are done at a time, each lot in a transaction of
its own, and none while live events wait.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from bot.loops import LONGEST_PAUSE
from dialogue.meanings import Embedders
from dialogue.ports import Clock, Storage
from knowledge_base.ids import CommunityId
from knowledge_base.merging import Meaning
from knowledge_base.ports import OutdatedVoice

TOGETHER: Final = 16
TOLD_EVERY: Final = 1000
WAITING: Final = timedelta(seconds=1)


class Renewal:
    """One lot of voices a round, until every voice has vectors by the models in use."""

    def __init__(self, storage: Storage, clock: Clock, embedders: Embedders) -> None:
        self._storage = storage
        self._clock = clock
        self._embedders = embedders
        self._communities: list[CommunityId] | None = None
        self._after = 0
        self._all = 0
        self._seen = 0

    async def run_once(self) -> int:
        """Make the next vectors again; returns how many voices were looked at, 0 where others come first."""
        if self._communities is None:
            await self._count()
        while self._communities and not await self._events_wait():
            community = self._communities[0]
            async with self._storage.read() as uow:
                lot = await uow.vectors.next_outdated(community, self._embedders.name, self._after, TOGETHER)
            if lot:
                await self._renew(community, lot)
                return len(lot)
            del self._communities[0]
            self._after = 0
        return 0

    async def pause(self) -> timedelta:
        """Until live events may have been handled, or for as long as may be when nothing is left."""
        return WAITING if self._communities else LONGEST_PAUSE

    async def _count(self) -> None:
        async with self._storage.read() as uow:
            outdated = await uow.vectors.outdated(self._embedders.name)
        self._communities, self._all = list(outdated), sum(outdated.values())
        if self._all:
            structlog.get_logger().info("vectors_outdated", voices=self._all, models=self._embedders.name)

    async def _events_wait(self) -> bool:
        async with self._storage.read() as uow:
            return bool(await uow.inbox.take(1, self._clock.now()))

    async def _renew(self, community: CommunityId, lot: Sequence[OutdatedVoice]) -> None:
        meanings = await asyncio.to_thread(self._meanings, lot)
        async with self._storage.begin() as uow:
            await uow.communities.lock(community)
            for voice, meaning in zip(lot, meanings, strict=True):
                # who was edited or erased meanwhile has new vectors, or none, already
                await uow.vectors.replace(community, voice.message, voice.text, meaning)
            await uow.commit()
        self._after = lot[-1].number
        before, self._seen = self._seen, self._seen + len(lot)
        if self._seen // TOLD_EVERY > before // TOLD_EVERY or self._seen >= self._all:
            structlog.get_logger().info("vectors_renewed", voices=self._seen, left=max(0, self._all - self._seen))

    def _meanings(self, lot: Sequence[OutdatedVoice]) -> list[Meaning]:
        """One text at a time, as when it was said."""
        embedders = self._embedders
        return [
            embedders.nothing(voice.language) if voice.says_nothing else embedders.meaning(voice.text, voice.language)
            for voice in lot
        ]
