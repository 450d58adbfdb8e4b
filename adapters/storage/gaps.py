"""What may have been missed, and how far each channel was read."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select, update

from adapters.storage.communities import OF_SPACE, known_community_of
from adapters.storage.tables import gaps, watermarks
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new, insert_or_replace
from dialogue.ports import Gaps
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId

_THIS = (
    gaps.c.community_id == OF_SPACE,
    gaps.c.space == bindparam("of_space"),
    gaps.c.channel == bindparam("of_channel"),
)
_GET = select(gaps).where(*_THIS)
_ALL = (
    select(gaps)
    .where(gaps.c.community_id == OF_SPACE, gaps.c.space == bindparam("of_space"))
    .order_by(gaps.c.opened_at, gaps.c.channel)
)
_MOVE = update(gaps).where(*_THIS)
_CLOSE = delete(gaps).where(*_THIS)
_WATERMARK = select(watermarks.c.message).where(
    watermarks.c.community_id == OF_SPACE,
    watermarks.c.space == bindparam("of_space"),
    watermarks.c.channel == bindparam("of_channel"),
)


class SqlGaps(Gaps):
    """See :class:`dialogue.ports.Gaps`. A space must belong to a community: else :class:`UnknownSpace` is raised."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open(self, gap: Gap) -> None:
        """Open a gap; an open one of the channel stays."""
        community = await known_community_of(self._transaction, gap.space)
        await self._transaction.run(
            insert_if_new(gaps, ("community_id", "space", "channel"), self._transaction.dialect),
            {
                "community_id": community,
                "space": gap.space,
                "channel": gap.channel,
                "after": gap.after,
                "opened_at": gap.opened_at,
            },
        )

    async def all(self, space: SpaceId) -> Sequence[Gap]:
        """Open gaps of a space, oldest first."""
        rows = await self._transaction.rows(_ALL, {"of_space": space})
        return [Gap(row.space, row.channel, row.after, row.opened_at) for row in rows]

    async def advance(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> None:
        """Note the last message accepted live, unless the channel has an open gap."""
        if not await self._is_open(space, channel):
            await self._mark(space, channel, message)

    async def watermark(self, space: SpaceId, channel: ChannelId) -> PlatformMessageId | None:
        """How far the channel was surely read, or None."""
        row = await self._transaction.row(_WATERMARK, {"of_space": space, "of_channel": channel})
        return None if row is None else PlatformMessageId(row.message)

    async def progress(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> None:
        """An open gap and the watermark start at this message now; nothing happens if no gap is open."""
        if await self._is_open(space, channel):
            await self._transaction.run(_MOVE, {"of_space": space, "of_channel": channel, "after": message})
            await self._mark(space, channel, message)

    async def close(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId | None) -> None:
        """The gap is gone, the watermark stands at ``message``."""
        await self._transaction.run(_CLOSE, {"of_space": space, "of_channel": channel})
        if message is not None:
            await self._mark(space, channel, message)

    async def _is_open(self, space: SpaceId, channel: ChannelId) -> bool:
        return await self._transaction.row(_GET, {"of_space": space, "of_channel": channel}) is not None

    async def _mark(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> None:
        community = await known_community_of(self._transaction, space)
        await self._transaction.run(
            insert_or_replace(watermarks, self._transaction.dialect),
            {"community_id": community, "space": space, "channel": channel, "message": message},
        )
