"""Early signs: who is told, of what they were told, and what is silenced."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, update

from adapters.storage.channel_days import busy_channels, channel_days, what_was_said
from adapters.storage.columns import Moment, ShownText
from adapters.storage.tables import messages, outbox, sign_evidence, sign_settings, sign_silences, signs
from adapters.storage.transaction import Query, StoredRow, Transaction
from adapters.storage.upserts import insert_or_replace
from dialogue.actions import OutboxId
from dialogue.rows import OutboxState
from dialogue.signs.storing import Sign, Signs
from knowledge_base.ids import ChannelId, CommunityId, MemberId, MessageId, SpaceId
from knowledge_base.signs import Day, Found, SignSettings, SignSort, Silence, Topical

_COMMUNITY: Final = bindparam("community", type_=ShownText)
_MAY_STAND: Final = (OutboxState.OPEN, OutboxState.SENT)
_SETTINGS: Query = select(sign_settings).where(sign_settings.c.community_id == _COMMUNITY)
_REMOVE_SETTINGS = delete(sign_settings).where(sign_settings.c.community_id == _COMMUNITY)
_ADD = insert(signs)
_ADD_EVIDENCE = insert(sign_evidence)
_THIS = (signs.c.community_id == _COMMUNITY, signs.c.post == bindparam("of_post"))
_END = update(signs).where(*_THIS).values(over_at=bindparam("ended", type_=Moment))
_UNPOSTED = select(outbox.c.id).where(
    outbox.c.community_id == _COMMUNITY, outbox.c.id == signs.c.post, outbox.c.state.not_in(_MAY_STAND)
)
_FORGET_EVIDENCE = delete(sign_evidence).where(
    sign_evidence.c.community_id == _COMMUNITY,
    sign_evidence.c.post.in_(select(signs.c.post).where(signs.c.community_id == _COMMUNITY, _UNPOSTED.exists())),
)
_FORGET = delete(signs).where(signs.c.community_id == _COMMUNITY, _UNPOSTED.exists())
_SIGNS: Query = select(signs).where(signs.c.community_id == _COMMUNITY).order_by(signs.c.at, signs.c.post)


def _of_lane(space: ColumnElement[str], channel: ColumnElement[str]) -> ColumnElement[bool]:
    return (space == bindparam("of_space")) & (channel == bindparam("of_channel"))


_GET: Query = _SIGNS.where(signs.c.post == bindparam("of_post"))
_LASTING: Query = _SIGNS.where(signs.c.over_at.is_(None))
_ABOUT: Query = _SIGNS.where(
    _of_lane(signs.c.space, signs.c.channel),
    signs.c.sort == bindparam("of_sort"),
    signs.c.competitor == bindparam("called"),
)
_TOUCHING: Query = _SIGNS.where(
    or_(_of_lane(signs.c.space, signs.c.channel), _of_lane(signs.c.team_space, signs.c.team_channel))
)
_SHOWING: Query = _SIGNS.where(
    signs.c.post.in_(
        select(sign_evidence.c.post).where(
            sign_evidence.c.community_id == _COMMUNITY, sign_evidence.c.message.in_(bindparam("these", expanding=True))
        )
    )
)
_QUOTING: Query = _SIGNS.where(
    signs.c.post.in_(
        select(sign_evidence.c.post)
        .join(
            messages,
            (messages.c.community_id == sign_evidence.c.community_id) & (messages.c.message == sign_evidence.c.message),
        )
        .where(sign_evidence.c.community_id == _COMMUNITY, messages.c.author == bindparam("of_member"))
    )
)
_EVIDENCE: Query = (
    select(sign_evidence.c.post, sign_evidence.c.message)
    .where(sign_evidence.c.community_id == _COMMUNITY, sign_evidence.c.post.in_(bindparam("posts", expanding=True)))
    .order_by(sign_evidence.c.post, sign_evidence.c.number)
)
_HEAR = delete(sign_silences).where(
    sign_silences.c.community_id == _COMMUNITY,
    _of_lane(sign_silences.c.space, sign_silences.c.channel),
    sign_silences.c.sort == bindparam("of_sort"),
    sign_silences.c.competitor == bindparam("called"),
)
_SILENCES: Query = (
    select(sign_silences).where(sign_silences.c.community_id == _COMMUNITY).order_by(*sign_silences.primary_key)
)


class SqlSigns(Signs):
    """See :class:`dialogue.signs.storing.Signs`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def settings(self, community: CommunityId) -> SignSettings | None:
        """Which team is told, or None."""
        row = await self._transaction.row(_SETTINGS, {"community": community})
        if row is None:
            return None
        return SignSettings(community, row.team, row.people, tuple(map(SignSort, row.sorts)))

    async def put_settings(self, settings: SignSettings) -> None:
        """They hold from now on."""
        row = {"team": settings.team, "people": settings.people, "sorts": tuple(map(str, settings.sorts))}
        statement = insert_or_replace(sign_settings, self._transaction.dialect)
        await self._transaction.run(statement, {"community_id": settings.community, **row})

    async def remove_settings(self, community: CommunityId) -> None:
        """Nobody is told from now on."""
        await self._transaction.run(_REMOVE_SETTINGS, {"community": community})

    async def busy(self, community: CommunityId, until: datetime, people: int) -> Sequence[tuple[SpaceId, ChannelId]]:
        """Where so many people or more spoke in the day before ``until``."""
        return await busy_channels(self._transaction, community, until, people)

    async def days(
        self, community: CommunityId, space: SpaceId, channel: ChannelId, until: datetime, back: int
    ) -> Sequence[Day]:
        """The day before ``until``, and those before that, the latest first."""
        return await channel_days(self._transaction, community, (space, channel), until, back)

    async def evidence(
        self, community: CommunityId, about: Topical, until: datetime, limit: int
    ) -> Sequence[MessageId]:
        """What was said of it in the day before ``until``, the latest of each person."""
        return await what_was_said(self._transaction, community, about, until, limit)

    async def add(self, community: CommunityId, sign: Sign) -> None:
        """A team is told of it."""
        row = {
            "community_id": community,
            "post": sign.post,
            "sort": sign.found.sort,
            "space": sign.space,
            "channel": sign.channel,
            "competitor": sign.found.competitor,
            "people": sign.found.people,
            "of": sign.found.of,
            "usual": sign.found.usual,
            "at": sign.at,
            "over_at": sign.over_at,
            "team_space": sign.team_space,
            "team_channel": sign.team_channel,
        }
        await self._transaction.run(_ADD, row)
        evidence = [
            {"community_id": community, "post": sign.post, "number": number, "message": message}
            for number, message in enumerate(sign.evidence, start=1)
        ]
        if evidence:
            await self._transaction.run(_ADD_EVIDENCE, evidence)

    async def end(self, community: CommunityId, post: OutboxId, at: datetime) -> None:
        """It is over."""
        await self._transaction.run(_END, {"community": community, "of_post": post, "ended": at})

    async def forget_unposted(self, community: CommunityId) -> None:
        """Forget those whose post will never stand in the team's channel."""
        for forgetting in (_FORGET_EVIDENCE, _FORGET):
            await self._transaction.run(forgetting, {"community": community})

    async def get(self, community: CommunityId, post: OutboxId) -> Sign | None:
        """The sign of that post, or None."""
        return next(iter(await self._found(_GET, {"community": community, "of_post": post})), None)

    async def lasting(self, community: CommunityId) -> Sequence[Sign]:
        """Those that are not over."""
        return await self._found(_LASTING, {"community": community})

    async def about(self, community: CommunityId, about: Topical) -> Sequence[Sign]:
        """All that are about that."""
        return await self._found(_ABOUT, {"community": community, **_of(about)})

    async def showing(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Sign]:
        """Those whose evidence holds any of these messages."""
        return await self._found(_SHOWING, {"community": community, "these": sorted(messages)}) if messages else []

    async def quoting(self, community: CommunityId, member: MemberId) -> Sequence[Sign]:
        """Those whose evidence holds anything that this member said."""
        return await self._found(_QUOTING, {"community": community, "of_member": member})

    async def touching(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[Sign]:
        """Those about a channel, and those whose post stands in it."""
        return await self._found(_TOUCHING, {"community": community, "of_space": space, "of_channel": channel})

    async def silence(self, community: CommunityId, silence: Silence) -> None:
        """It is silenced until then."""
        about = silence.about
        row = {"sort": about.sort, "space": about.space, "channel": about.channel, "competitor": about.competitor}
        statement = insert_or_replace(sign_silences, self._transaction.dialect)
        await self._transaction.run(statement, {"community_id": community, **row, "until": silence.until})

    async def hear(self, community: CommunityId, about: Topical) -> None:
        """It is not silenced any more."""
        await self._transaction.run(_HEAR, {"community": community, **_of(about)})

    async def silences(self, community: CommunityId) -> Sequence[Silence]:
        """Everything that was silenced."""
        rows = await self._transaction.rows(_SILENCES, {"community": community})
        return [Silence(Topical(row.sort, row.space, row.channel, row.competitor), row.until) for row in rows]

    async def _found(self, query: Query, asked: dict[str, object]) -> Sequence[Sign]:
        rows = await self._transaction.rows(query, asked)
        evidence: dict[str, list[MessageId]] = {row.post: [] for row in rows}
        named = {"community": asked["community"], "posts": list(evidence)}
        for row in await self._transaction.rows(_EVIDENCE, named) if rows else ():
            evidence[row.post].append(row.message)
        return [_sign(row, tuple(evidence[row.post])) for row in rows]


def _of(about: Topical) -> dict[str, object]:
    return {
        "of_space": about.space,
        "of_channel": about.channel,
        "of_sort": about.sort,
        "called": about.competitor,
    }


def _sign(row: StoredRow, evidence: tuple[MessageId, ...]) -> Sign:
    found = Found(row.sort, row.people, row.of, row.usual, row.competitor)
    return Sign(
        post=OutboxId(row.post),
        found=found,
        space=row.space,
        channel=row.channel,
        at=row.at,
        team_space=row.team_space,
        team_channel=row.team_channel,
        evidence=evidence,
        over_at=row.over_at,
    )
