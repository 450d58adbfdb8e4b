"""Channels: what the platform says of them and what an admin chose."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select, update

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
    .where(channels.c.community_id == bindparam("community"), channels.c.direct.is_(False))
    .order_by(channels.c.name, channels.c.space, channels.c.channel)
)
_IN_SPACE = select(channels).where(channels.c.community_id == OF_SPACE, channels.c.space == bindparam("of_space"))


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
        *,
        direct: bool = False,
    ) -> Channel:
        """Note what the platform says of a channel and return it."""
        row = await self._row(space, channel)
        if row is None:
            mode = default_mode(audience, direct=direct)
            shown = _shown(name, direct=direct)
            return await self._add(Channel(community, space, channel, shown, audience, mode, shared, direct))
        told: dict[str, object] = {
            "name": _shown(name, direct=row.direct or direct),
            "shared": shared,
            "direct": row.direct or direct,
        }
        if not row.audience_chosen or audience is not row.audience:  # else perhaps our own word, of what was deleted
            told["audience_told"] = audience
        if not row.audience_chosen or _is_open_now(row, audience):
            told |= {"audience": audience, "audience_chosen": False}
            if not row.mode_chosen and (audience is not row.audience or direct is not row.direct):
                told["mode"] = default_mode(audience, direct=row.direct or direct)
        changed = {key: value for key, value in told.items() if row._mapping[key] != value}  # noqa: SLF001 - public API
        if not changed:
            return channel_in(row)
        await self._change(space, channel, changed)
        return await self._known(space, channel)

    async def get(self, space: SpaceId, channel: ChannelId) -> Channel | None:
        """One channel, or None."""
        row = await self._row(space, channel)
        return None if row is None else channel_in(row)

    async def all(self, community: CommunityId) -> Sequence[Channel]:
        """Every channel but direct ones, by name."""
        return [channel_in(row) for row in await self._transaction.rows(_ALL, {"community": community})]

    async def choose(
        self, space: SpaceId, channel: ChannelId, audience: Audience | None = None, mode: Mode | None = None
    ) -> None:
        """Set what an admin chose; a channel never seen stays unknown."""
        chosen: dict[str, object] = {}
        if audience is not None:
            chosen |= {"audience": audience, "audience_chosen": True}
            row = await self._row(space, channel)
            if row is not None and not row.mode_chosen:
                chosen["mode"] = default_mode(audience, direct=row.direct)
        if mode is not None:
            chosen |= {"mode": mode, "mode_chosen": True}
        if chosen:
            await self._change(space, channel, chosen)

    async def listened(self, space: SpaceId) -> Sequence[Channel]:
        """Every channel of a space in which messages are kept, direct ones too."""
        rows = await self._transaction.rows(_IN_SPACE, {"of_space": space})
        return [channel for channel in map(channel_in, rows) if channel.mode.keeps_messages]

    async def unchoose_audience(self, space: SpaceId, channel: ChannelId) -> None:
        """Of a channel that the platform calls private the audience is that again."""
        row = await self._row(space, channel)
        if row is not None and row.audience_told is Audience.PRIVATE:
            mode = row.mode if row.mode_chosen else default_mode(Audience.PRIVATE, direct=row.direct)
            values = {"audience": Audience.PRIVATE, "audience_chosen": False, "mode": mode}
            await self._change(space, channel, values)

    async def unchoose_mode(self, space: SpaceId, channel: ChannelId) -> None:
        """The mode is the default of the audience."""
        row = await self._row(space, channel)
        if row is not None:
            mode = default_mode(row.audience, direct=row.direct)
            await self._change(space, channel, {"mode": mode, "mode_chosen": False})

    async def remove(self, space: SpaceId, channel: ChannelId) -> None:
        """It is no channel any more."""
        await self._transaction.run(delete(channels).where(*_THIS), {"of_space": space, "of_channel": channel})

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
                "audience_told": channel.audience,
                "mode": channel.mode,
                "mode_chosen": False,
                "shared": channel.shared,
                "direct": channel.direct,
            },
        )
        return await self._known(channel.space, channel.id)

    async def _row(self, space: SpaceId, channel: ChannelId) -> StoredRow | None:
        return next(iter(await self._transaction.rows_once(_GET, {"of_space": space, "of_channel": channel})), None)

    async def _known(self, space: SpaceId, channel: ChannelId) -> Channel:
        return channel_in((await self._transaction.rows(_GET, {"of_space": space, "of_channel": channel}))[0])

    async def _change(self, space: SpaceId, channel: ChannelId, values: dict[str, object]) -> None:
        await self._transaction.run(
            update(channels).where(*_THIS), {"of_space": space, "of_channel": channel, **values}
        )


def channel_in(row: StoredRow) -> Channel:
    """The channel that a row of their table holds."""
    return Channel(row.community_id, row.space, row.channel, row.name, row.audience, row.mode, row.shared, row.direct)


def _shown(name: str, *, direct: bool) -> str:
    return "" if direct else storable(name)


def _is_open_now(row: StoredRow, audience: Audience) -> bool:
    """Whether more people read it than when somebody said that only the firm's own do."""
    told: Audience | None = row.audience_told
    return row.audience is Audience.INTERNAL and told is not None and audience.is_wider(told)
