"""Channels: what the platform says of them and what an admin chose."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from adapters.storage import locks
from adapters.storage.columns import storable
from adapters.storage.communities import FOUNDING, OF_SPACE
from adapters.storage.tables import channels
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.channels import Audience, Channel, Mode, Shared, default_mode
from knowledge_base.ids import ChannelId, CommunityId, SpaceId
from knowledge_base.ports import Channels

_THIS = (
    channels.c.community_id == OF_SPACE,
    channels.c.space == bindparam("of_space"),
    channels.c.channel == bindparam("of_channel"),
)
_GET = select(channels).where(*_THIS)
_ALL = (
    select(channels)
    .where(channels.c.community_id == bindparam("community"))
    .order_by(channels.c.name, channels.c.space, channels.c.channel)
)


class SqlChannels(Channels):
    """See :class:`knowledge_base.ports.Channels`. A mode nobody chose follows the audience, as long as nobody does."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def see(
        self,
        community: CommunityId,
        space: SpaceId,
        channel: ChannelId,
        name: str,
        audience: Audience,
        shared: Shared,
    ) -> Channel:
        """Note what the platform says of a channel and return it."""
        row = await self._row(space, channel)
        if row is None:
            return await self._add(Channel(community, space, channel, name, audience, default_mode(audience), shared))
        told: dict[str, object] = {"name": storable(name), "shared": shared}
        if not row.audience_chosen:
            told["audience"] = audience
            if not row.mode_chosen and audience is not row.audience:
                told["mode"] = default_mode(audience)
        changed = {key: value for key, value in told.items() if row._mapping[key] != value}  # noqa: SLF001 - public API
        if not changed:
            return _channel(row)
        await self._change(space, channel, changed)
        return await self._known(space, channel)

    async def get(self, space: SpaceId, channel: ChannelId) -> Channel | None:
        """One channel, or None."""
        row = await self._row(space, channel)
        return None if row is None else _channel(row)

    async def all(self, community: CommunityId) -> Sequence[Channel]:
        """Every channel, by name."""
        return [_channel(row) for row in await self._transaction.rows(_ALL, {"community": community})]

    async def choose(
        self, space: SpaceId, channel: ChannelId, audience: Audience | None = None, mode: Mode | None = None
    ) -> None:
        """Set what an admin chose; a channel never seen stays unknown."""
        chosen: dict[str, object] = {}
        if audience is not None:
            chosen |= {"audience": audience, "audience_chosen": True}
            row = await self._row(space, channel)
            if row is not None and not row.mode_chosen:
                chosen["mode"] = default_mode(audience)
        if mode is not None:
            chosen |= {"mode": mode, "mode_chosen": True}
        if chosen:
            await self._change(space, channel, chosen)

    async def _add(self, channel: Channel) -> Channel:
        """Store it unless another unit of work did so meanwhile; what is stored now."""
        await locks.hold(self._transaction, [FOUNDING])
        await self._transaction.run(
            insert_if_new(channels, ("community_id", "space", "channel"), self._transaction.dialect),
            {
                "community_id": channel.community,
                "space": channel.space,
                "channel": channel.id,
                "name": channel.name,
                "audience": channel.audience,
                "audience_chosen": False,
                "mode": channel.mode,
                "mode_chosen": False,
                "shared": channel.shared,
            },
        )
        return await self._known(channel.space, channel.id)

    async def _row(self, space: SpaceId, channel: ChannelId) -> StoredRow | None:
        return next(iter(await self._transaction.rows_once(_GET, {"of_space": space, "of_channel": channel})), None)

    async def _known(self, space: SpaceId, channel: ChannelId) -> Channel:
        return _channel((await self._transaction.rows(_GET, {"of_space": space, "of_channel": channel}))[0])

    async def _change(self, space: SpaceId, channel: ChannelId, values: dict[str, object]) -> None:
        await self._transaction.run(
            update(channels).where(*_THIS), {"of_space": space, "of_channel": channel, **values}
        )


def _channel(row: StoredRow) -> Channel:
    return Channel(row.community_id, row.space, row.channel, row.name, row.audience, row.mode, row.shared)
