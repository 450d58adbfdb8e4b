"""What a digest may tell of: the questions that are asked of a team's insights, all of them at once."""

from datetime import timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    FromClause,
    Join,
    and_,
    bindparam,
    case,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union,
)

from adapters.storage.columns import Moment
from adapters.storage.tables import (
    cards,
    channels,
    holdings,
    insights,
    members,
    messages,
    teams,
    told_insights,
    voices,
)
from knowledge_base.channels import Audience, Shared
from knowledge_base.digests import DigestPart
from knowledge_base.facets import Urgency
from knowledge_base.insights import Status

_WEEK: Final = timedelta(days=7) // timedelta(microseconds=1)
OPEN = insights.c.status.in_([status for status in Status if status.is_open])
COMMUNITY: Final = bindparam("community", type_=teams.c.community_id.type)
TEAM: Final = bindparam("of_team", type_=teams.c.team.type)


def _of_team() -> CompoundSelect[tuple[str]]:
    return union(
        *(
            select(table.c.insight).where(table.c.community_id == COMMUNITY, table.c.team == TEAM)
            for table in (cards, holdings)
        )
    )


THEIRS = and_(insights.c.community_id == COMMUNITY, insights.c.insight.in_(_of_team()))


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
PUBLIC = func.coalesce(
    case((and_(channels.c.audience == Audience.PUBLIC, channels.c.shared == Shared.NO), 1), else_=0), 0
).label("public")


def with_titles(joined: Join) -> Join:
    """The same, with where the words of each insight's title were said."""
    for table, condition in _AND_WHERE_TITLED:
        joined = joined.outerjoin(table, condition)
    return joined


def _marks(joined: Join, alias: FromClause, part: DigestPart) -> Join:
    """The same, with when the team was told of each insight as that part."""
    return joined.outerjoin(
        alias,
        (alias.c.community_id == insights.c.community_id)
        & (alias.c.team == TEAM)
        & (alias.c.part == literal(part, told_insights.c.part.type))
        & (alias.c.insight == insights.c.insight),
    )


NUMBER = voices.c.number
AFTER, UPTO = bindparam("after", type_=NUMBER.type), bindparam("upto", type_=NUMBER.type)
_PEOPLE = func.count(distinct(messages.c.author))
_HEARD = (
    select(
        voices.c.insight,
        func.count(case((NUMBER > AFTER, 1))).label("said"),
        (_PEOPLE - func.count(distinct(case((NUMBER <= AFTER, messages.c.author))))).label("more"),
        func.max(case((messages.c.urgency == Urgency.NOW, 2), (messages.c.urgency == Urgency.SOON, 1), else_=0)).label(
            "urgency"
        ),
        case((_PEOPLE == 1, func.min(messages.c.author)), else_=null()).label("speaker"),
    )
    .join(
        messages,
        (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message),
    )
    .where(voices.c.community_id == COMMUNITY, NUMBER <= UPTO)
    .group_by(voices.c.insight)
    .subquery("heard")
)
_NEW, _SHIPPED = told_insights.alias("as_new"), told_insights.alias("as_shipped")
INSIGHTS = (
    select(
        insights,
        _NEW.c.at.label("told_at"),
        _SHIPPED.c.at.label("shipped_at"),
        _HEARD.c.said,
        _HEARD.c.more,
        _HEARD.c.urgency,
        _HEARD.c.speaker,
        PUBLIC,
    )
    .select_from(
        with_titles(
            _marks(
                _marks(insights.join(_HEARD, _HEARD.c.insight == insights.c.insight), _NEW, DigestPart.NEW),
                _SHIPPED,
                DigestPart.SHIPPED,
            )
        )
    )
    .where(
        THEIRS,
        insights.c.status.not_in([Status.MERGED, Status.DISMISSED]),
        insights.c.demand > 0,
        or_(
            OPEN,
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
BY_AREA = (
    select(_WEEKS_AGO.label("weeks_ago"), messages.c.area, func.count(distinct(messages.c.author)).label("people"))
    .select_from(
        voices.join(
            messages, (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message)
        ).join(insights, (insights.c.community_id == voices.c.community_id) & (insights.c.insight == voices.c.insight))
    )
    .where(
        THEIRS,
        voices.c.community_id == COMMUNITY,
        NUMBER <= UPTO,
        messages.c.at <= bindparam("told_at", type_=Moment),
        messages.c.at > bindparam("from_at", type_=Moment),
    )
    .group_by(_WEEKS_AGO, messages.c.area)
)
_COUNTED = func.count(distinct(members.c.member)).label("people")
OF_TIERS = (
    select(voices.c.insight, members.c.tier, _COUNTED)
    .select_from(
        members.join(
            messages, (messages.c.community_id == members.c.community_id) & (messages.c.author == members.c.member)
        ).join(voices, (voices.c.community_id == messages.c.community_id) & (voices.c.message == messages.c.message))
    )
    .where(members.c.community_id == COMMUNITY, members.c.tier.in_(bindparam("tiers", expanding=True)), NUMBER <= UPTO)
    .group_by(voices.c.insight, members.c.tier)
    .order_by(voices.c.insight, _COUNTED.desc(), members.c.tier)
)
