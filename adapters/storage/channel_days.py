"""How many people did what in each day of a channel, counted by the database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, case, distinct, func, literal, select, type_coerce

from adapters.storage.columns import Moment
from adapters.storage.tables import channels, messages
from adapters.storage.transaction import Query, StoredRow, Transaction
from knowledge_base.facets import Tone
from knowledge_base.ids import ChannelId, CommunityId, MessageId, SpaceId
from knowledge_base.kinds import INSIGHT_KINDS
from knowledge_base.members import Role
from knowledge_base.signs import DAY, Day, SignSort, Topical

_UNTIL: Final = bindparam("until", type_=Moment)
_SINCE: Final = bindparam("since", type_=Moment)
_CUSTOMERS: Final = [role for role in Role if role.is_customer]
_DAY_US: Final = DAY.days * 24 * 3600 * 1_000_000

_BY_CUSTOMER = messages.c.role.in_(_CUSTOMERS)
_BY_CUSTOMERS = (messages.c.community_id == bindparam("community"), _BY_CUSTOMER)
_IN_LANE = (messages.c.space == bindparam("of_space"), messages.c.channel == bindparam("of_channel"))
_OF_CHANNEL = and_(
    messages.c.community_id == channels.c.community_id,
    messages.c.space == channels.c.space,
    messages.c.channel == channels.c.channel,
)
_THEN = (messages.c.at > _SINCE, messages.c.at <= _UNTIL)
_KEPT = messages.c.deleted.is_(False)
_TELLS = messages.c.kind.in_(sorted(INSIGHT_KINDS))
_UNHAPPY = messages.c.tone == Tone.NEGATIVE
_NAMES = messages.c.competitors != ()
_DAYS_AGO = (type_coerce(_UNTIL, BigInteger) - type_coerce(messages.c.at, BigInteger)) // literal(_DAY_US, BigInteger)


def _such(*such: ColumnElement[bool]) -> ColumnElement[int]:
    """1 for whoever did such a thing, else 0."""
    return func.max(case((and_(*such), 1), else_=0))


_BUSY: Query = (
    select(channels.c.space, channels.c.channel)
    .join_from(channels, messages, _OF_CHANNEL)  # channel by channel, so that of each no more than the day is read
    .where(channels.c.community_id == bindparam("community"), _BY_CUSTOMER, *_THEN, _KEPT)
    .group_by(channels.c.space, channels.c.channel)
    .having(func.count(distinct(messages.c.author)) >= bindparam("least"))
    .order_by(channels.c.space, channels.c.channel)
)
_FIRST: Query = select(func.min(messages.c.at, type_=Moment).label("first_at")).where(
    messages.c.community_id == bindparam("community"), *_IN_LANE
)
_EACH = (
    select(
        _DAYS_AGO.label("days_ago"),
        messages.c.author,
        _such(_TELLS).label("telling"),
        _such(_KEPT).label("kept"),
        _such(_KEPT, _TELLS).label("telling_kept"),
        _such(_KEPT, _UNHAPPY).label("negative"),
    )
    .where(*_BY_CUSTOMERS, *_IN_LANE, *_THEN)
    .group_by(_DAYS_AGO, messages.c.author)
    .subquery("each")
)
_DAYS: Query = select(
    _EACH.c.days_ago,
    func.count().label("people"),
    *(func.sum(_EACH.c[name]).label(name) for name in ("telling", "kept", "telling_kept", "negative")),
).group_by(_EACH.c.days_ago)
_NAMED: Query = (
    select(_DAYS_AGO.label("days_ago"), messages.c.author, messages.c.competitors)
    .where(*_BY_CUSTOMERS, *_IN_LANE, *_THEN, _KEPT, _NAMES)
    .distinct()
)
_SAID: Query = (
    select(messages.c.message, messages.c.author, messages.c.competitors)
    .where(*_BY_CUSTOMERS, *_IN_LANE, *_THEN, _KEPT)
    .order_by(messages.c.at.desc(), messages.c.position.desc())
)
_EVIDENCE: Final[Mapping[SignSort, Query]] = {
    SignSort.SURGE: _SAID.where(_TELLS),
    SignSort.TONE: _SAID.where(_UNHAPPY),
    SignSort.COMPETITOR: _SAID.where(_NAMES),
}


async def busy_channels(
    transaction: Transaction, community: CommunityId, until: datetime, people: int
) -> Sequence[tuple[SpaceId, ChannelId]]:
    """Where so many customers or more spoke in the day before ``until``."""
    asked = {"community": community, "since": until - DAY, "until": until, "least": people}
    return [(row.space, row.channel) for row in await transaction.rows(_BUSY, asked)]


async def channel_days(
    transaction: Transaction,
    community: CommunityId,
    lane: tuple[SpaceId, ChannelId],
    until: datetime,
    back: int,
) -> Sequence[Day]:
    """The day before ``until`` and those before it as far as the channel goes back, the latest first."""
    where = {"community": community, "of_space": lane[0], "of_channel": lane[1]}
    (row,) = await transaction.rows(_FIRST, where)
    if row.first_at is None or row.first_at > until:
        return [Day()]
    days = 1 + min(back, max(0, (until - row.first_at) // DAY - 1))
    asked = {**where, "since": until - days * DAY, "until": until}
    counted = {row.days_ago: row for row in await transaction.rows(_DAYS, asked)}
    named = _named(await transaction.rows(_NAMED, asked))
    return [_day(counted.get(number), named.get(number, {})) for number in range(days)]


def _named(rows: Sequence[StoredRow]) -> Mapping[int, Mapping[str, int]]:
    """By the day how many people named each competitor."""
    people = {(row.days_ago, row.author, competitor) for row in rows for competitor in row.competitors}
    named: dict[int, Counter[str]] = {}
    for days_ago, _, competitor in people:
        named.setdefault(days_ago, Counter())[competitor] += 1
    return named


def _day(row: StoredRow | None, named: Mapping[str, int]) -> Day:
    return Day() if row is None else Day(row.people, row.telling, row.kept, row.telling_kept, row.negative, named)


async def what_was_said(
    transaction: Transaction, community: CommunityId, about: Topical, until: datetime, limit: int
) -> Sequence[MessageId]:
    """What was said of it in the day before ``until``, the latest of each person."""
    asked = {
        "community": community,
        "of_space": about.space,
        "of_channel": about.channel,
        "since": until - DAY,
        "until": until,
    }
    latest: dict[str, MessageId] = {}
    for row in await transaction.rows(_EVIDENCE[about.sort], asked):
        if about.sort is not SignSort.COMPETITOR or about.competitor in row.competitors:
            latest.setdefault(row.author, row.message)
    return list(latest.values())[:limit]
