"""What teams want of their digests, of what they were told, and which digests stand where.

Everything of a team is asked for at once, however many insights it has: no statement is one insight's.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    FromClause,
    Insert,
    Join,
    and_,
    bindparam,
    case,
    distinct,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union,
)

from adapters.storage.columns import Moment
from adapters.storage.insight_rows import insight_in
from adapters.storage.tables import (
    cards,
    channels,
    digest_settings,
    digests,
    holdings,
    insights,
    messages,
    teams,
    told_insights,
    voices,
)
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from dialogue.ports import Digests
from dialogue.rows import PostedDigest
from knowledge_base.channels import Audience, Shared
from knowledge_base.digests import AreaWeek, DigestInsight, DigestNews, DigestPart, DigestSettings, DigestSpan
from knowledge_base.facets import Urgency
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.insights import Status

_WEEK: Final = timedelta(days=7) // timedelta(microseconds=1)
_URGENCIES: Final = tuple(Urgency)
_OPEN = insights.c.status.in_([status for status in Status if status.is_open])
_COMMUNITY: Final = bindparam("community", type_=teams.c.community_id.type)
_TEAM: Final = bindparam("of_team", type_=teams.c.team.type)

_THAT_TELL = (
    select(digests)
    .where(
        digests.c.community_id == _COMMUNITY,
        digests.c.until >= bindparam("said_at"),
        exists().where(
            told_insights.c.community_id == digests.c.community_id,
            told_insights.c.team == digests.c.team,
            told_insights.c.insight.in_(bindparam("insights", expanding=True)),
            told_insights.c.at <= digests.c.until,
        ),
    )
    .order_by(digests.c.until, digests.c.post)
)
_SETTINGS = select(digest_settings).where(digest_settings.c.community_id == _COMMUNITY)
_LAST_VOICE = select(func.max(voices.c.number).label("number")).where(voices.c.community_id == _COMMUNITY)


def _of_team() -> CompoundSelect[tuple[str]]:
    return union(
        *(
            select(table.c.insight).where(table.c.community_id == _COMMUNITY, table.c.team == _TEAM)
            for table in (cards, holdings)
        )
    )


_THEIRS = and_(insights.c.community_id == _COMMUNITY, insights.c.insight.in_(_of_team()))


def _marking(part: DigestPart) -> Insert:
    """Mark those that were never told of as that part."""
    known = exists().where(
        told_insights.c.community_id == insights.c.community_id,
        told_insights.c.team == _TEAM,
        told_insights.c.part == literal(part, told_insights.c.part.type),
        told_insights.c.insight == insights.c.insight,
    )
    meant = _OPEN if part is DigestPart.NEW else insights.c.status == Status.SHIPPED
    return insert(told_insights).from_select(
        ["community_id", "team", "part", "insight", "at"],
        select(
            insights.c.community_id,
            type_coerce(_TEAM, told_insights.c.team.type),
            literal(part, told_insights.c.part.type),
            insights.c.insight,
            bindparam("told_at", type_=Moment),
        ).where(_THEIRS, meant, insights.c.demand > 0, ~known),
    )


_TELL = tuple(_marking(part) for part in (DigestPart.NEW, DigestPart.SHIPPED))
_TITLING = messages.alias("titling")
_AND_WHERE_TITLED: Final = (
    (_TITLING, (_TITLING.c.community_id == insights.c.community_id) & (_TITLING.c.message == insights.c.titled_by)),
    (
        channels,
        (channels.c.community_id == _TITLING.c.community_id)
        & (channels.c.space == _TITLING.c.space)
        & (channels.c.channel == _TITLING.c.channel),
    ),
)
_PUBLIC = func.coalesce(
    case((and_(channels.c.audience == Audience.PUBLIC, channels.c.shared == Shared.NO), 1), else_=0), 0
).label("public")


def _with_titles(joined: Join) -> Join:
    """The same, with where the words of each insight's title were said."""
    for table, condition in _AND_WHERE_TITLED:
        joined = joined.outerjoin(table, condition)
    return joined


def _marks(joined: Join, alias: FromClause, part: DigestPart) -> Join:
    """The same, with when the team was told of each insight as that part."""
    return joined.outerjoin(
        alias,
        (alias.c.community_id == insights.c.community_id)
        & (alias.c.team == _TEAM)
        & (alias.c.part == literal(part, told_insights.c.part.type))
        & (alias.c.insight == insights.c.insight),
    )


_MARKED = (
    select(told_insights.c.part, insights.c.kind, _PUBLIC)
    .distinct()
    .select_from(
        _with_titles(
            told_insights.join(
                insights,
                (insights.c.community_id == told_insights.c.community_id)
                & (insights.c.insight == told_insights.c.insight),
            )
        )
    )
    .where(
        told_insights.c.community_id == _COMMUNITY,
        told_insights.c.team == _TEAM,
        told_insights.c.at == bindparam("told_at", type_=Moment),
    )
)
_NUMBER = voices.c.number
_AFTER, _UPTO = bindparam("after", type_=_NUMBER.type), bindparam("upto", type_=_NUMBER.type)
_GROWN = (
    select(insights.c.kind)
    .distinct()
    .select_from(
        insights.join(
            voices, (voices.c.community_id == insights.c.community_id) & (voices.c.insight == insights.c.insight)
        ).join(
            told_insights,
            (told_insights.c.community_id == insights.c.community_id) & (told_insights.c.insight == insights.c.insight),
        )
    )
    .where(
        insights.c.community_id == _COMMUNITY,
        _OPEN,
        _NUMBER > _AFTER,
        _NUMBER <= _UPTO,
        told_insights.c.team == _TEAM,
        told_insights.c.part == literal(DigestPart.NEW, told_insights.c.part.type),
        told_insights.c.at < bindparam("told_at", type_=Moment),
    )
)
_PEOPLE = func.count(distinct(messages.c.author))
_HEARD = (
    select(
        voices.c.insight,
        func.count(case((_NUMBER > _AFTER, 1))).label("said"),
        (_PEOPLE - func.count(distinct(case((_NUMBER <= _AFTER, messages.c.author))))).label("more"),
        func.max(case((messages.c.urgency == Urgency.NOW, 2), (messages.c.urgency == Urgency.SOON, 1), else_=0)).label(
            "urgency"
        ),
        case((_PEOPLE == 1, func.min(messages.c.author)), else_=null()).label("speaker"),
    )
    .join(
        messages,
        (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message),
    )
    .where(voices.c.community_id == _COMMUNITY, _NUMBER <= _UPTO)
    .group_by(voices.c.insight)
    .subquery("heard")
)
_NEW, _SHIPPED = told_insights.alias("as_new"), told_insights.alias("as_shipped")
_INSIGHTS = (
    select(
        insights,
        _NEW.c.at.label("told_at"),
        _SHIPPED.c.at.label("shipped_at"),
        _HEARD.c.said,
        _HEARD.c.more,
        _HEARD.c.urgency,
        _HEARD.c.speaker,
        _PUBLIC,
    )
    .select_from(
        _with_titles(
            _marks(
                _marks(insights.join(_HEARD, _HEARD.c.insight == insights.c.insight), _NEW, DigestPart.NEW),
                _SHIPPED,
                DigestPart.SHIPPED,
            )
        )
    )
    .where(
        _THEIRS,
        insights.c.status.not_in([Status.MERGED, Status.DISMISSED]),
        insights.c.demand > 0,
        or_(
            _OPEN,
            _NEW.c.at == bindparam("told_at", type_=Moment),
            _SHIPPED.c.at == bindparam("told_at", type_=Moment),
            and_(insights.c.status == Status.SHIPPED, _SHIPPED.c.at.is_(None)),
        ),
    )
    .order_by(insights.c.number)
)
# moments stand as whole microseconds
_WEEKS_AGO = (type_coerce(bindparam("told_at", type_=Moment), BigInteger) - type_coerce(messages.c.at, BigInteger)) // (
    literal(_WEEK, BigInteger)
)
_BY_AREA = (
    select(_WEEKS_AGO.label("weeks_ago"), messages.c.area, func.count(distinct(messages.c.author)).label("people"))
    .select_from(
        voices.join(
            messages, (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message)
        ).join(insights, (insights.c.community_id == voices.c.community_id) & (insights.c.insight == voices.c.insight))
    )
    .where(
        _THEIRS,
        voices.c.community_id == _COMMUNITY,
        _NUMBER <= _UPTO,
        messages.c.at <= bindparam("told_at", type_=Moment),
        messages.c.at > bindparam("from_at", type_=Moment),
    )
    .group_by(_WEEKS_AGO, messages.c.area)
)


class SqlDigests(Digests):
    """See :class:`dialogue.ports.Digests`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def settings(self, community: CommunityId) -> Mapping[TeamId, DigestSettings]:
        """What each team wants."""
        rows = await self._transaction.rows(_SETTINGS, {"community": community})
        return {
            TeamId(row.team): DigestSettings(
                community=row.community_id,
                team=row.team,
                rule=row.rule,
                zone=row.zone,
                language=row.language,
                length=row.length,
                parts=tuple(DigestPart(part) for part in row.parts),
                state=row.state,
                told_until=row.told_until,
                told_voice=row.told_voice,
            )
            for row in rows
        }

    async def put_settings(self, settings: DigestSettings) -> None:
        """Create or change what a team wants."""
        await self._transaction.run(
            insert_or_replace(digest_settings, self._transaction.dialect),
            {
                "community_id": settings.community,
                "team": settings.team,
                "rule": settings.rule,
                "zone": settings.zone,
                "language": settings.language,
                "length": settings.length,
                "parts": tuple(settings.parts),
                "state": settings.state,
                "told_until": settings.told_until,
                "told_voice": settings.told_voice,
            },
        )

    async def last_voice(self, community: CommunityId) -> int:
        """The number of the voice that was added last."""
        (row,) = await self._transaction.rows(_LAST_VOICE, {"community": community})
        return row.number or 0

    async def tell(self, community: CommunityId, team: TeamId, at: datetime) -> None:
        """Mark what is told now for the first time."""
        for marking in _TELL:
            await self._transaction.run(marking, {"community": community, "of_team": team, "told_at": at})

    async def news(self, community: CommunityId, span: DigestSpan) -> frozenset[DigestNews]:
        """What came up, by kind."""
        asked = {"community": community, "of_team": span.team, "told_at": span.until}
        marked = await self._transaction.rows(_MARKED, asked)
        grown = await self._transaction.rows(_GROWN, {**asked, "after": span.after, "upto": span.upto})
        return frozenset(
            [
                *(DigestNews(row.part, row.kind, bool(row.public)) for row in marked),
                *(DigestNews(DigestPart.GROWN, row.kind, public=False) for row in grown),
            ]
        )

    async def insights(self, community: CommunityId, span: DigestSpan) -> Sequence[DigestInsight]:
        """The team's insights that a digest may tell of."""
        asked = {
            "community": community,
            "of_team": span.team,
            "told_at": span.until,
            "after": span.after,
            "upto": span.upto,
        }
        return [
            DigestInsight(
                insight=insight_in(row),
                said=row.said,
                more=row.more,
                urgency=_URGENCIES[row.urgency],
                speaker=row.speaker,
                told_at=row.told_at,
                shipped_at=row.shipped_at,
                public=bool(row.public),
            )
            for row in await self._transaction.rows(_INSIGHTS, asked)
        ]

    async def by_area(self, community: CommunityId, span: DigestSpan, weeks: int) -> Sequence[AreaWeek]:
        """How many people spoke of the team's insights, by week and area."""
        asked = {
            "community": community,
            "of_team": span.team,
            "upto": span.upto,
            "told_at": span.until,
            "from_at": span.until - timedelta(weeks=weeks),
        }
        rows = await self._transaction.rows(_BY_AREA, asked)
        return [AreaWeek(row.weeks_ago, row.area, row.people) for row in rows]

    async def add(self, community: CommunityId, digest: PostedDigest) -> None:
        """Remember a digest."""
        await self._transaction.run(
            insert(digests),
            {
                "community_id": community,
                "post": digest.post,
                "team": digest.team,
                "since": digest.since,
                "until": digest.until,
                "space": digest.space,
                "channel": digest.channel,
                "after": digest.after,
                "upto": digest.upto,
                "due": digest.due,
            },
        )

    async def that_tell(
        self, community: CommunityId, insights: Collection[InsightId], said_at: datetime
    ) -> Sequence[PostedDigest]:
        """The digests that may tell of what was said of these insights at that moment, oldest first."""
        where = {"community": community, "insights": sorted(insights), "said_at": said_at}
        return [
            PostedDigest(row.team, row.since, row.until, row.post, row.space, row.channel, row.after, row.upto, row.due)
            for row in await self._transaction.rows(_THAT_TELL, where)
        ]
