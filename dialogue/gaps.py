"""What may have been missed, and how far each channel was read. Reached through :mod:`dialogue.ports`."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId


class Gaps(Protocol):
    """What may have been missed, and how far each channel was read."""

    @abstractmethod
    async def open(self, gap: Gap) -> None:
        """Open a gap at the channel's watermark before live events are accepted; an open one of the channel stays."""

    @abstractmethod
    async def all(self, space: SpaceId) -> Sequence[Gap]:
        """Open gaps of a space, oldest first."""

    @abstractmethod
    async def advance(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> None:
        """Note the last message accepted live. Never moves a watermark past an open gap."""

    @abstractmethod
    async def watermark(self, space: SpaceId, channel: ChannelId) -> PlatformMessageId | None:
        """How far the channel was surely read, or None."""

    @abstractmethod
    async def progress(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> None:
        """A backfill of an open gap has committed up to this message: the gap and the watermark start there now."""

    @abstractmethod
    async def close(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId | None) -> None:
        """The backfill has committed: the gap is gone, the watermark stands at ``message`` (None leaves it)."""
