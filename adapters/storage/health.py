"""What ails the loop, who was reminded of what is stuck, and who keeps it going."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Join,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from adapters.storage.columns import Day, Moment
from adapters.storage.deeds import deeds_of
from adapters.storage.funnels import COMMUNITY, COUNTED, DECIDED, SINCE, funnel_of
from adapters.storage.insight_rows import insight_in
from adapters.storage.tables import cards, communities, insights, nudges, outbox, status_changes
from adapters.storage.transaction import Transaction
from dialogue.rows import OutboxState
from knowledge_base.escalations import HealthSettings, Nudge, Stuck
from knowledge_base.funnels import Funnel
from knowledge_base.health import Declined, Deeds, SilentTeam
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.insights import Insight, Status
from knowledge_base.ports import Health

_OPEN: Final = [status for status in Status if status.is_open]
_UNDECIDED: Final = [status for status in _OPEN if status not in DECIDED]
_BEFORE: Final = bindparam("before", type_=Moment)
_OF_INSIGHT = (insights.c.community_id == cards.c.community_id) & (insights.c.insight == cards.c.insight)
_OF_CARD = (outbox.c.community_id == cards.c.community_id) & (outbox.c.id == cards.c.post)

_TEAMS_INSIGHTS = cards.join(insights, _OF_INSIGHT)
_DECLINED = (
    select(cards.c.team, insights.c.reason, func.count().label("many"))
    .select_from(_TEAMS_INSIGHTS)
    .where(*COUNTED, insights.c.first_at >= SINCE, insights.c.status == Status.DECLINED)
    .group_by(cards.c.team, insights.c.reason)
    .order_by(func.count().desc(), insights.c.reason, cards.c.team)
)
_DECIDED = (
    select(cards.c.team, func.count().label("many"))
    .select_from(_TEAMS_INSIGHTS)
    .where(*COUNTED, insights.c.first_at >= SINCE, insights.c.status.in_(DECIDED))
    .group_by(cards.c.team)
)
_NOBODYS = (*COUNTED, insights.c.status.in_(_OPEN), insights.c.owner.is_(None))
_UNOWNED = select(func.count().label("many")).where(*_NOBODYS)
_MOST_UNOWNED = (
    select(insights).where(*_NOBODYS).order_by(insights.c.demand.desc(), insights.c.number).limit(bindparam("most"))
)
_OTHER_CARD = cards.alias("other_card")
_SILENT = (
    select(cards.c.team, func.count().label("waiting"), func.min(outbox.c.sent_at).label("since"))
    .select_from(_TEAMS_INSIGHTS.join(outbox, _OF_CARD))
    .where(
        *COUNTED,
        insights.c.status == Status.NEW,
        outbox.c.state == OutboxState.SENT,
        outbox.c.sent_at <= _BEFORE,
        ~exists().where(
            status_changes.c.community_id == COMMUNITY,
            status_changes.c.at > _BEFORE,
            status_changes.c.insight == _OTHER_CARD.c.insight,
            _OTHER_CARD.c.community_id == COMMUNITY,
            _OTHER_CARD.c.team == cards.c.team,
        ),
    )
    .group_by(cards.c.team)
    .order_by(func.min(outbox.c.sent_at), cards.c.team)
)
_CHANGED = (
    select(status_changes.c.insight, func.max(status_changes.c.at).label("at"))
    .where(status_changes.c.community_id == COMMUNITY)
    .group_by(status_changes.c.insight)
    .subquery("changed")
)
_ITS_NUDGES = (nudges.c.community_id == COMMUNITY) & (nudges.c.insight == insights.c.insight)
_NUDGED = select(func.max(nudges.c.number)).where(_ITS_NUDGES).scalar_subquery()
_NUDGED_AT = select(func.max(nudges.c.at)).where(_ITS_NUDGES).scalar_subquery()
_TODAY: Final = bindparam("today", type_=Day)
_MAY_BE_STUCK = (
    *COUNTED,
    insights.c.status.in_(_OPEN),
    or_(and_(insights.c.due_on.is_(None), insights.c.status.in_(_UNDECIDED)), insights.c.due_on < _TODAY),
    or_(_NUDGED.is_(None), and_(len(Nudge) > _NUDGED, bindparam("told_before", type_=Moment) >= _NUDGED_AT)),
)
_OTHER_POST = outbox.alias("other_post")
_ITS_OTHER_CARD = (_OTHER_CARD.c.community_id == COMMUNITY) & (_OTHER_CARD.c.insight == insights.c.insight)
_SENT_AS = (
    (_OTHER_POST.c.community_id == COMMUNITY)
    & (_OTHER_POST.c.id == _OTHER_CARD.c.post)
    & (_OTHER_POST.c.state == OutboxState.SENT)
)
_EARLIER = tuple_(_OTHER_POST.c.sent_at, _OTHER_POST.c.seq) < tuple_(outbox.c.sent_at, outbox.c.seq)
# from the insight to its cards to their posts, each inside the other: SQLite goes through all posts else
_IS_FIRST_CARD = ~exists().where(_ITS_OTHER_CARD, exists().where(_SENT_AS, _EARLIER).correlate(_OTHER_CARD, outbox))
_FIRST_CARD_AT = (
    select(func.min(select(_OTHER_POST.c.sent_at).where(_SENT_AS).scalar_subquery()))
    .where(_ITS_OTHER_CARD)
    .scalar_subquery()
)


def _stuck_since(
    since: ColumnElement[datetime], joined: Join, *more: ColumnElement[bool]
) -> Select[tuple[object, ...]]:
    """The first that may be stuck, by since when they are."""
    return (
        select(insights.c.insight, insights.c.number, insights.c.owner, since.label("since"), _NUDGED.label("step"))
        .select_from(joined)
        .where(*_MAY_BE_STUCK, *more, since <= _BEFORE)
        .order_by(since, insights.c.number)
        .limit(bindparam("most"))
    )


# with most of them nothing ever happened: those are gone through in the order in which their cards were sent
_UNTOUCHED = _stuck_since(
    outbox.c.sent_at,
    outbox.join(cards, _OF_CARD).join(insights, _OF_INSIGHT),
    outbox.c.community_id == COMMUNITY,
    outbox.c.state == literal_column("'sent'"),  # which its index asks for
    _IS_FIRST_CARD,
    ~exists().where(status_changes.c.community_id == COMMUNITY, status_changes.c.insight == insights.c.insight),
)
_TOUCHED = _stuck_since(
    _CHANGED.c.at,
    _CHANGED.join(insights, (insights.c.community_id == COMMUNITY) & (insights.c.insight == _CHANGED.c.insight)),
    _FIRST_CARD_AT <= _BEFORE,
)
_BOTH = union_all(*(select(one.subquery()) for one in (_UNTOUCHED, _TOUCHED))).subquery("stuck")
_STUCK = select(_BOTH).order_by(_BOTH.c.since, _BOTH.c.number).limit(bindparam("most"))
_SETTINGS = select(communities).where(communities.c.community_id == COMMUNITY)
_PUT_SETTINGS = (
    update(communities)
    .where(communities.c.community_id == COMMUNITY)
    .values(stuck_days=bindparam("days"), nudges_a_day=bindparam("a_day"), weekly_line=bindparam("weekly"))
)


class SqlHealth(Health):
    """See :class:`knowledge_base.ports.Health`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def funnel(self, community: CommunityId, since: datetime) -> Funnel:
        """How far the insights came that were first said since then."""
        return await funnel_of(self._transaction, community, since)

    async def declined(self, community: CommunityId, since: datetime) -> Sequence[Declined]:
        """How many each team declined for which reason, most first."""
        rows = await self._transaction.rows(_DECLINED, {"community": community, "since": since})
        return [Declined(row.team, row.reason, row.many) for row in rows]

    async def decided(self, community: CommunityId, since: datetime) -> Mapping[TeamId, int]:
        """How many of each team's were decided."""
        rows = await self._transaction.rows(_DECIDED, {"community": community, "since": since})
        return {row.team: row.many for row in rows}

    async def unowned(self, community: CommunityId) -> int:
        """How many open insights nobody owns."""
        (row,) = await self._transaction.rows(_UNOWNED, {"community": community})
        many: int = row.many
        return many

    async def most_unowned(self, community: CommunityId, limit: int) -> Sequence[Insight]:
        """Those with the highest demand first."""
        rows = await self._transaction.rows(_MOST_UNOWNED, {"community": community, "most": limit})
        return [insight_in(row) for row in rows]

    async def silent(self, community: CommunityId, before: datetime) -> Sequence[SilentTeam]:
        """Teams that have done nothing since then with what they got before."""
        rows = await self._transaction.rows(_SILENT, {"community": community, "before": before})
        return [SilentTeam(row.team, row.waiting, row.since) for row in rows]

    async def stuck(
        self, community: CommunityId, before: datetime, told_before: datetime, today: date, limit: int
    ) -> Sequence[Stuck]:
        """Open insights with which nothing happened, longest first."""
        asked = {"community": community, "before": before, "told_before": told_before, "today": today, "most": limit}
        steps = (None, *Nudge)
        return [
            Stuck(InsightId(row.insight), row.since, row.owner, steps[row.step or 0])
            for row in await self._transaction.rows(_STUCK, asked)
        ]

    async def nudged(self, community: CommunityId, insight: InsightId, step: Nudge, at: datetime) -> None:
        """Somebody was reminded."""
        number = list(Nudge).index(step) + 1
        await self._transaction.run(
            insert(nudges), {"community_id": community, "insight": insight, "number": number, "at": at}
        )

    async def deeds(self, community: CommunityId, since: datetime) -> Sequence[Deeds]:
        """What each of the firm's people did since then."""
        return await deeds_of(self._transaction, community, since)

    async def settings(self, community: CommunityId) -> HealthSettings:
        """What admins chose, or what a community begins with."""
        (row,) = await self._transaction.rows(_SETTINGS, {"community": community})
        return HealthSettings(community, row.stuck_days, row.nudges_a_day, row.weekly_line)

    async def put_settings(self, settings: HealthSettings) -> None:
        """They hold from now on."""
        asked = {"community": settings.community, "days": settings.days, "a_day": settings.a_day}
        await self._transaction.run(_PUT_SETTINGS, {**asked, "weekly": settings.weekly})
