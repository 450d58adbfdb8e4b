"""The loop as one query: when each insight came to each stage, how many did, and how long half of them took at most."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Label,
    ScalarSelect,
    Select,
    bindparam,
    case,
    exists,
    func,
    null,
    select,
    type_coerce,
    union_all,
)

from adapters.storage.columns import Moment
from adapters.storage.tables import announcements, cards, insights, messages, outbox, status_changes, told_insights
from adapters.storage.tables import tellings as all_tellings
from adapters.storage.tables import voices as all_voices
from adapters.storage.transaction import Transaction
from dialogue.rows import OutboxState
from knowledge_base.digests import DigestPart
from knowledge_base.funnels import Funnel, Stage, Step
from knowledge_base.ids import CommunityId
from knowledge_base.insights import Status
from knowledge_base.members import Role

CUSTOMERS: Final = [role for role in Role if role.is_customer]
TO_DO: Final = (Status.PLANNED, Status.IN_PROGRESS, Status.SHIPPED)
"""Decided, and so that something is to be shipped."""
DECIDED: Final = (*TO_DO, Status.DECLINED)
COMMUNITY: Final = bindparam("community", type_=insights.c.community_id.type)
SINCE: Final = bindparam("since", type_=Moment)
COUNTED: Final = (
    insights.c.community_id == COMMUNITY,
    insights.c.status.not_in([Status.MERGED, Status.DISMISSED]),
    insights.c.demand > 0,
)
"""The insights that are spoken of here."""

_LINKS: Final = ("first", "routed", "seen", "decided", "shipped", "told", "thanked")
"""The columns of moments, in the order of the stages after the first."""

_SENT_AT: Final = type_coerce(outbox.c.sent_at, BigInteger)


def _first_routed() -> Select[tuple[str, int]]:
    """When each insight's first card was sent, or a digest told of it."""
    sent = (
        select(cards.c.insight, _SENT_AT.label("at"))
        .join(outbox, (outbox.c.community_id == cards.c.community_id) & (outbox.c.id == cards.c.post))
        .where(cards.c.community_id == COMMUNITY, outbox.c.state == OutboxState.SENT)
    )
    told = select(told_insights.c.insight, type_coerce(told_insights.c.at, BigInteger).label("at")).where(
        told_insights.c.community_id == COMMUNITY, told_insights.c.part == DigestPart.NEW
    )
    both = union_all(sent, told).subquery("routes_taken")
    return select(both.c.insight, func.min(both.c.at).label("at")).group_by(both.c.insight)


def _touched() -> Select[tuple[str, int, int, int]]:
    """When each insight was touched, decided and shipped first."""
    at, status = type_coerce(status_changes.c.at, BigInteger), status_changes.c.status
    return (
        select(
            status_changes.c.insight,
            func.min(at).label("seen"),
            func.min(case((status.in_(DECIDED), at))).label("decided"),
            func.min(case((status == Status.SHIPPED, at))).label("shipped"),
        )
        .where(status_changes.c.community_id == COMMUNITY)
        .group_by(status_changes.c.insight)
    )


def _told() -> Select[tuple[str, int, int]]:
    """When each insight's first voice heard that it is shipped, and when the last one did: none while one waits."""
    told, announced, sent = all_tellings, announcements, outbox
    in_one = (
        told.join(
            announced,
            (announced.c.community_id == told.c.community_id) & (announced.c.announcement == told.c.announcement),
        )
    ).join(sent, (sent.c.community_id == told.c.community_id) & (sent.c.id == told.c.post))
    return (
        select(
            announced.c.insight,
            func.min(_SENT_AT).label("told"),
            case((func.count() == func.count(_SENT_AT), func.max(_SENT_AT)), else_=null()).label("thanked"),
        )
        .select_from(in_one)
        .where(told.c.community_id == COMMUNITY, announced.c.status == Status.SHIPPED)
        .group_by(announced.c.insight)
    )


def _journeys() -> Select[tuple[object, ...]]:
    """A row an insight: when it came to each stage, in microseconds; empty for a stage it has not come to."""
    routed, touched, told = _first_routed().subquery("r"), _touched().subquery("t"), _told().subquery("o")

    def where_it_is(condition: ColumnElement[bool], at: ColumnElement[int], name: str) -> Label[int | None]:
        return case((condition, at), else_=null()).label(name)

    shipped = insights.c.status == Status.SHIPPED
    return (
        select(
            type_coerce(insights.c.first_at, BigInteger).label("first"),
            routed.c.at.label("routed"),
            touched.c.seen.label("seen"),
            where_it_is(insights.c.status.in_(DECIDED), touched.c.decided, "decided"),
            where_it_is(shipped, touched.c.shipped, "shipped"),
            where_it_is(shipped, told.c.told, "told"),
            where_it_is(shipped, told.c.thanked, "thanked"),
            case((insights.c.status.in_(TO_DO), 1)).label("to_do"),
        )
        .outerjoin(routed, routed.c.insight == insights.c.insight)
        .outerjoin(touched, touched.c.insight == insights.c.insight)
        .outerjoin(told, told.c.insight == insights.c.insight)
        .where(*COUNTED, insights.c.first_at >= SINCE)
    )


_JOURNEYS = _journeys().cte("journeys")


def _median(begin: str, end: str) -> ScalarSelect[int]:
    """The middle one of the times between two stages; the lower one of two. What came first in no order took none."""
    begun, ended = _JOURNEYS.c[begin], _JOURNEYS.c[end]
    took = case((ended > begun, ended - begun), else_=0)
    ranked = (
        select(
            took.label("took"),
            func.row_number().over(order_by=took).label("place"),
            func.count().over().label("all_of_them"),
        )
        .where(begun.is_not(None), ended.is_not(None))
        .subquery()
    )
    return select(ranked.c.took).where(ranked.c.place == (ranked.c.all_of_them + 1) // 2).scalar_subquery()


def _count(stage: str) -> ScalarSelect[int]:
    return select(func.count(_JOURNEYS.c[stage])).scalar_subquery()


_FUNNEL: Final = select(
    *(_count(stage).label(stage) for stage in (*_LINKS, "to_do")),
    *(_median(begin, end).label(f"{end}_median") for begin, end in pairwise(_LINKS)),
)
_HEARD: Final = select(
    func.count().label("heard"),
    func.count(
        case(
            (
                exists().where(
                    all_voices.c.community_id == messages.c.community_id, all_voices.c.message == messages.c.message
                ),
                1,
            )
        )
    ).label("voices"),
).where(
    messages.c.community_id == COMMUNITY,
    messages.c.at >= SINCE,
    messages.c.role.in_(CUSTOMERS),
    messages.c.deleted.is_(False),
)


async def funnel_of(transaction: Transaction, community: CommunityId, since: datetime) -> Funnel:
    """How far the community's insights came that were first said since then."""
    asked = {"community": community, "since": since}
    (heard,) = await transaction.rows(_HEARD, asked)
    (row,) = await transaction.rows(_FUNNEL, asked)
    came = [getattr(row, stage) for stage in _LINKS]
    could = [came[0], *came[:3], row.to_do, *came[4:6]]
    medians = [None, *(getattr(row, f"{stage}_median") for stage in _LINKS[1:])]
    steps = [
        Step(stage, count, of, None if took is None else timedelta(microseconds=took))
        for stage, count, of, took in zip(list(Stage)[1:], came, could, medians, strict=True)
    ]
    return Funnel((Step(Stage.HEARD, heard.heard, heard.heard), *steps), heard.voices)
