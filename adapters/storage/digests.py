"""What teams want of their digests, of what they were told, and which digests stand where.

Everything of a team is asked for at once, however many insights it has: no statement is one insight's.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    Insert,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    type_coerce,
    union,
)

from adapters.storage.columns import Moment
from adapters.storage.digest_insights import (
    AFTER,
    BY_AREA,
    CAME_UP,
    COMMUNITY,
    LONGEST_WAITING,
    MOST_WANTED,
    NUMBER,
    OF_TIERS,
    OF_TIERS_OF,
    OPEN,
    PUBLIC,
    TEAM,
    THEIRS,
    UPTO,
    never_told,
    with_titles,
)
from adapters.storage.insight_rows import insight_in
from adapters.storage.tables import (
    digest_settings,
    digests,
    insights,
    outbox,
    told_insights,
    voices,
)
from adapters.storage.transaction import StoredRow, Transaction, Values
from adapters.storage.upserts import insert_or_replace
from dialogue.ports import Digests
from dialogue.rows import OutboxState, PostedDigest
from knowledge_base.digests import AreaWeek, DigestInsight, DigestNews, DigestPart, DigestSettings, DigestSpan, Unheard
from knowledge_base.facets import Urgency
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind

_URGENCIES: Final = tuple(Urgency)
_FEW: Final = 500
"""Insights whose tiers are asked for by name."""

_THAT_TELL = (
    select(digests)
    .where(
        digests.c.community_id == COMMUNITY,
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
_NOT_POSTED = (
    select(digests, outbox.c.state)
    .join(outbox, (outbox.c.community_id == digests.c.community_id) & (outbox.c.id == digests.c.post))
    .where(digests.c.community_id == COMMUNITY, digests.c.team == TEAM, outbox.c.state != OutboxState.SENT)
    .order_by(digests.c.until, digests.c.post)
)
_FORGET = delete(digests).where(digests.c.community_id == COMMUNITY, digests.c.post == bindparam("of_post"))
_UNTELL = delete(told_insights).where(
    told_insights.c.community_id == COMMUNITY,
    told_insights.c.team == TEAM,
    told_insights.c.at == bindparam("told_at", type_=Moment),
)
_LEAVE = _UNTELL.where(
    told_insights.c.part == literal(DigestPart.NEW, told_insights.c.part.type),
    told_insights.c.insight == bindparam("of_insight"),
)
_LATER = (
    select(digests)
    .where(
        digests.c.community_id == COMMUNITY,
        digests.c.team == TEAM,
        digests.c.until > bindparam("told_at", type_=Moment),
    )
    .order_by(digests.c.until, digests.c.post)
)
_SETTINGS = select(digest_settings).where(digest_settings.c.community_id == COMMUNITY)
_LAST_VOICE = select(func.max(voices.c.number).label("number")).where(voices.c.community_id == COMMUNITY)


def _marking(part: DigestPart) -> Insert:
    """Mark those that were never told of as that part."""
    untold = union(*never_told(part)).cte("untold")
    meant = OPEN if part is DigestPart.NEW else insights.c.status == Status.SHIPPED
    return insert(told_insights).from_select(
        ["community_id", "team", "part", "insight", "at"],
        select(
            insights.c.community_id,
            type_coerce(TEAM, told_insights.c.team.type),
            literal(part, told_insights.c.part.type),
            insights.c.insight,
            bindparam("told_at", type_=Moment),
        ).where(THEIRS, insights.c.insight.in_(select(untold.c.insight)), meant, insights.c.demand > 0),
    )


_TELL = tuple(_marking(part) for part in (DigestPart.NEW, DigestPart.SHIPPED))
_MARKED = (
    select(told_insights.c.part, insights.c.kind, PUBLIC)
    .distinct()
    .select_from(
        with_titles(
            told_insights.join(
                insights,
                (insights.c.community_id == told_insights.c.community_id)
                & (insights.c.insight == told_insights.c.insight),
            )
        )
    )
    .where(
        told_insights.c.community_id == COMMUNITY,
        told_insights.c.team == TEAM,
        told_insights.c.at == bindparam("told_at", type_=Moment),
    )
)
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
        insights.c.community_id == COMMUNITY,
        OPEN,
        NUMBER > AFTER,
        NUMBER <= UPTO,
        told_insights.c.team == TEAM,
        told_insights.c.part == literal(DigestPart.NEW, told_insights.c.part.type),
        told_insights.c.at < bindparam("told_at", type_=Moment),
    )
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
                unposted=row.unposted,
                tiers=row.tiers,
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
                "unposted": settings.unposted,
                "tiers": settings.tiers,
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

    async def leave(self, community: CommunityId, team: TeamId, at: datetime, insights: Collection[InsightId]) -> None:
        """These are new in the next digest."""
        this = {"community": community, "of_team": team, "told_at": at}
        if insights:
            await self._transaction.run(_LEAVE, [{**this, "of_insight": one} for one in sorted(insights)])

    async def news(self, community: CommunityId, span: DigestSpan) -> frozenset[DigestNews]:
        """What came up, by kind."""
        asked = _asked(community, span)
        marked = await self._transaction.rows(_MARKED, asked)
        grown = await self._transaction.rows(_GROWN, asked)
        return frozenset(
            [
                *(DigestNews(row.part, row.kind, bool(row.public)) for row in marked),
                *(DigestNews(DigestPart.GROWN, row.kind, public=False) for row in grown),
            ]
        )

    async def came_up(
        self, community: CommunityId, span: DigestSpan, tiers: Collection[str] = ()
    ) -> Sequence[DigestInsight]:
        """The team's insights that are news, or may be."""
        asked = _asked(community, span)
        return await self._insights(await self._transaction.rows(CAME_UP, asked), asked, tiers)

    async def longest_waiting(
        self, community: CommunityId, span: DigestSpan, kinds: Collection[Kind], most: int, tiers: Collection[str] = ()
    ) -> Unheard:
        """The team's insights that are no news, the oldest first."""
        return await self._waiting(
            LONGEST_WAITING, {**_asked(community, span), "kinds": sorted(kinds), "most": most}, tiers
        )

    async def most_wanted(
        self, community: CommunityId, span: DigestSpan, kinds: Collection[Kind], most: int, tiers: Collection[str] = ()
    ) -> Unheard:
        """The team's insights that are no news, those that most people say first."""
        return await self._waiting(
            MOST_WANTED, {**_asked(community, span), "kinds": sorted(kinds), "most": most}, tiers
        )

    async def _waiting(self, statement: Select[tuple[object, ...]], asked: Values, tiers: Collection[str]) -> Unheard:
        rows = await self._transaction.rows(statement, asked)
        return Unheard(await self._insights(rows, asked, tiers), rows[0].many if rows else 0)

    async def _insights(
        self, rows: Sequence[StoredRow], asked: Values, tiers: Collection[str]
    ) -> Sequence[DigestInsight]:
        of_tiers = await self._of_tiers(rows, asked, tiers) if rows and tiers else {}
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
                tiers=tuple(of_tiers.get(row.insight, ())),
            )
            for row in rows
        ]

    async def _of_tiers(
        self, rows: Sequence[StoredRow], asked: Values, tiers: Collection[str]
    ) -> Mapping[str, Sequence[tuple[str, int]]]:
        """By insight: how many customers of each tier say it."""
        wanted = {"community": asked["community"], "upto": asked["upto"], "tiers": sorted(tiers)}
        statement = OF_TIERS
        if len(rows) <= _FEW:
            statement, wanted = OF_TIERS_OF, {**wanted, "these": [row.insight for row in rows]}
        found: dict[str, list[tuple[str, int]]] = {}
        for row in await self._transaction.rows(statement, wanted):
            found.setdefault(row.insight, []).append((row.tier, row.people))
        return found

    async def by_area(self, community: CommunityId, span: DigestSpan, weeks: int) -> Sequence[AreaWeek]:
        """How many people spoke of the team's insights, by week and area."""
        asked = {**_asked(community, span), "from_at": span.until - timedelta(weeks=weeks)}
        rows = await self._transaction.rows(BY_AREA, asked)
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
                "unposted": digest.unposted,
            },
        )

    async def not_posted(self, community: CommunityId, team: TeamId) -> Sequence[tuple[PostedDigest, OutboxState]]:
        """Those that do not stand in its channel."""
        rows = await self._transaction.rows(_NOT_POSTED, {"community": community, "of_team": team})
        return [(_posted(row), row.state) for row in rows]

    async def take_back(self, community: CommunityId, digest: PostedDigest) -> Sequence[PostedDigest]:
        """Forget it, and what it told for the first time; the team's later ones."""
        told = {"community": community, "of_team": digest.team, "told_at": digest.until}
        await self._transaction.run(_UNTELL, told)
        await self._transaction.run(_FORGET, {"community": community, "of_post": digest.post})
        return [_posted(row) for row in await self._transaction.rows(_LATER, told)]

    async def that_tell(
        self, community: CommunityId, insights: Collection[InsightId], said_at: datetime
    ) -> Sequence[PostedDigest]:
        """The digests that may tell of what was said of these insights at that moment, oldest first."""
        where = {"community": community, "insights": sorted(insights), "said_at": said_at}
        return [_posted(row) for row in await self._transaction.rows(_THAT_TELL, where)]


def _asked(community: CommunityId, span: DigestSpan) -> Values:
    return {
        "community": community,
        "of_team": span.team,
        "told_at": span.until,
        "after": span.after,
        "upto": span.upto,
    }


def _posted(row: StoredRow) -> PostedDigest:
    return PostedDigest(
        row.team,
        row.since,
        row.until,
        row.post,
        row.space,
        row.channel,
        row.after,
        row.upto,
        row.due,
        row.unposted,
    )
