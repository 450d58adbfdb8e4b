"""Ways to die: a fuse that burns down at every step on the way in and out, and blows at a chosen one."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.memory.chat import MemoryChat
from dialogue.actions import OutboxId
from dialogue.errors import SendError, Unavailable
from dialogue.events import ReplyHandle
from dialogue.ports import Storage, UnitOfWork
from dialogue.posts import Post
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId


class Crash(BaseException):
    """The process is gone. Nothing catches it, as nothing catches a SIGKILL."""


class Fuse:
    """Counts steps and crashes at the one called ``blows_at`` (0: never)."""

    def __init__(self, blows_at: int = 0) -> None:
        self.steps: list[str] = []
        self._blows_at = blows_at

    def burn(self, step: str) -> None:
        self.steps.append(step)
        if len(self.steps) == self._blows_at:
            raise Crash(step)


class FragileStorage(Storage):
    """A storage that may die before and after each commit."""

    def __init__(self, inner: Storage, fuse: Fuse) -> None:
        self._inner = inner
        self._fuse = fuse

    @property
    def wanted(self) -> bool:
        return self._inner.wanted

    async def scrub(self) -> None:
        await self._inner.scrub()

    @asynccontextmanager
    async def begin(self, *, urgent: bool = False) -> AsyncIterator[UnitOfWork]:
        async with self._inner.begin(urgent=urgent) as uow:
            commit = uow.commit

            async def fragile_commit() -> None:
                self._fuse.burn("before a commit")
                await commit()
                self._fuse.burn("after a commit")

            uow.commit = fragile_commit
            yield uow

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        async with self._inner.read() as uow:
            yield uow


class FragileChat(MemoryChat):
    """A chat whose caller may die before and after each effect. Its next sends fail with the next ``troubles``."""

    def __init__(self, space: SpaceId) -> None:
        super().__init__(space)
        self.fuse = Fuse()
        self.effects: list[OutboxId] = []
        self.troubles: deque[SendError] = deque()

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        trouble = self.troubles.popleft() if self.troubles else None
        if isinstance(trouble, Unavailable):
            raise trouble
        self._begin(key)
        ref = await super().send(space, channel, thread, post, key)
        self.fuse.burn("after a send")
        if trouble is not None:
            raise trouble
        return ref

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        self.fuse.burn("before an edit")
        await super().edit(space, ref, post, key)
        self.fuse.burn("after an edit")

    async def react(
        self,
        space: SpaceId,
        channel: ChannelId,
        message: PlatformMessageId,
        emoji: str,
        key: OutboxId,
        *,
        present: bool,
    ) -> None:
        self.fuse.burn("before a reaction")
        await super().react(space, channel, message, emoji, key, present=present)
        self.fuse.burn("after a reaction")

    async def reply(
        self, space: SpaceId, channel: ChannelId, to: AccountId, handle: ReplyHandle, post: Post, key: OutboxId
    ) -> None:
        self._begin(key)
        await super().reply(space, channel, to, handle, post, key)
        self.fuse.burn("after a reply")

    def _begin(self, key: OutboxId) -> None:
        """What the platform was asked to say, as often as it was asked."""
        self.fuse.burn("before a send")
        self.effects.append(key)
