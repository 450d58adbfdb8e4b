"""What a digest may tell of: the questions that are asked of a team's insights, all of them at once.

What came up is looked at insight by insight. What the team was told of before and nobody said since, which is most of
all, is counted, and only its first ones are read.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Exists,
    FromClause,
    Join,
    Label,
    Select,
    Table,
    and_,
    bindparam,
    case,
    distinct,
    exists,
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
from knowledge_base.kinds import Kind

_WEEK: Final = timedelta(days=7) // timedelta(microseconds=1)
OPEN = insights.c.status.in_([status for status in Status if status.is_open])
COMMUNITY: Final = bindparam("community", type_=teams.c.community_id.type)
TEAM: Final = bindparam("of_team", type_=teams.c.team.type)
NUMBER = voices.c.number
AFTER, UPTO = bindparam("after", type_=NUMBER.type), bindparam("upto", type_=NUMBER.type)
_UNTIL: Final = bindparam("told_at", type_=Moment)


def _has(table: Table, insight: ColumnElement[str]) -> Exists:
    return exists().where(table.c.community_id == COMMUNITY, table.c.team == TEAM, table.c.insight == insight)


def _is_theirs(insight: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(_has(cards, insight), _has(holdings, insight))


THEIRS = and_(insights.c.community_id == COMMUNITY, _is_theirs(insights.c.insight))


def _was_told(part: DigestPart, insight: ColumnElement[str]) -> Exists:
    return exists().where(
        told_insights.c.community_id == COMMUNITY,
        told_insights.c.team == TEAM,
        told_insights.c.part == literal(part, told_insights.c.part.type),
        told_insights.c.insight == insight,
    )


def never_told(part: DigestPart) -> Iterator[Select[tuple[str]]]:
    """Of which of its insights the team was never told as that part, as far as they may be."""
    if part is DigestPart.SHIPPED:
        yield select(insights.c.insight).where(
            THEIRS, insights.c.status == Status.SHIPPED, ~_was_told(part, insights.c.insight)
        )
        return
    for table in (cards, holdings):
        theirs = (table.c.community_id == COMMUNITY, table.c.team == TEAM)
        yield select(table.c.insight).where(*theirs, ~_was_told(part, table.c.insight))


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


_PEOPLE = func.count(distinct(messages.c.author))
_NEW, _SHIPPED = told_insights.alias("as_new"), told_insights.alias("as_shipped")


def _weighed(these: FromClause, *more: Label[object]) -> Select[tuple[object, ...]]:
    """How a digest weighs each of ``these``, insights of any team, by what was said of them; and ``more`` of it.

    What nobody said before the digest was made, or nobody any more, is left out.
    """
    of_these = (voices.c.community_id == COMMUNITY) & (voices.c.insight == these.c.insight) & (NUMBER <= UPTO)
    said = (messages.c.community_id == COMMUNITY) & (messages.c.message == voices.c.message)
    heard = (
        select(
            these.c.insight,
            func.count(case((NUMBER > AFTER, 1))).label("said"),
            (_PEOPLE - func.count(distinct(case((NUMBER <= AFTER, messages.c.author))))).label("more"),
            func.max(
                case((messages.c.urgency == Urgency.NOW, 2), (messages.c.urgency == Urgency.SOON, 1), else_=0)
            ).label("urgency"),
            case((_PEOPLE == 1, func.min(messages.c.author)), else_=null()).label("speaker"),
            *more,
        )
        .select_from(these.outerjoin(voices, of_these).outerjoin(messages, said))
        .group_by(these.c.insight)
        .having(func.count(voices.c.number) > 0)
        .subquery("heard")
    )
    marked = insights.join(heard, (insights.c.community_id == COMMUNITY) & (insights.c.insight == heard.c.insight))
    for alias, part in ((_NEW, DigestPart.NEW), (_SHIPPED, DigestPart.SHIPPED)):
        marked = _marks(marked, alias, part)
    return (
        select(
            insights,
            _NEW.c.at.label("told_at"),
            _SHIPPED.c.at.label("shipped_at"),
            heard.c.said,
            heard.c.more,
            heard.c.urgency,
            heard.c.speaker,
            PUBLIC,
            *(heard.c[one.name] for one in more),
        )
        .select_from(with_titles(marked))
        .where(insights.c.insight.in_(select(these.c.insight)))
    )


_SAID = select(voices.c.insight).where(voices.c.community_id == COMMUNITY, NUMBER > AFTER, NUMBER <= UPTO)
_BEFORE = voices.alias("before")
_ONLY_LATER = select(voices.c.insight).where(
    voices.c.community_id == COMMUNITY,
    NUMBER > UPTO,
    ~exists().where(
        _BEFORE.c.community_id == COMMUNITY, _BEFORE.c.insight == voices.c.insight, _BEFORE.c.number <= UPTO
    ),
)
_TOLD = select(told_insights.c.insight).where(told_insights.c.community_id == COMMUNITY, told_insights.c.team == TEAM)
TOLD_THEN = _TOLD.where(told_insights.c.at == _UNTIL)
_LEFT = _TOLD.where(told_insights.c.at > _UNTIL, _has(holdings, told_insights.c.insight))
_NEVER_TOLD: Final = (*never_told(DigestPart.NEW), *never_told(DigestPart.SHIPPED))
CAME_UP = _weighed(
    union(_SAID.where(_is_theirs(voices.c.insight)), TOLD_THEN, _LEFT, *_NEVER_TOLD).cte("came_up")
).where(
    THEIRS,
    insights.c.status.not_in([Status.MERGED, Status.DISMISSED]),
    insights.c.demand > 0,
    or_(
        OPEN,
        _NEW.c.at == _UNTIL,
        _SHIPPED.c.at == _UNTIL,
        and_(insights.c.status == Status.SHIPPED, _SHIPPED.c.at.is_(None)),
    ),
)


def _waiting(*order: ColumnElement[object]) -> Select[tuple[object, ...]]:
    """The first of the team's open insights of some kinds that it was told of before and that nobody said since."""
    first = (
        select(insights.c.insight, func.count().over().label("many"))
        .select_from(
            told_insights.join(
                insights, (insights.c.community_id == COMMUNITY) & (insights.c.insight == told_insights.c.insight)
            )
        )
        .where(
            told_insights.c.community_id == COMMUNITY,
            told_insights.c.team == TEAM,
            told_insights.c.part == literal(DigestPart.NEW, told_insights.c.part.type),
            told_insights.c.at < _UNTIL,
            OPEN,
            or_(insights.c.kind == Kind.QUESTION, insights.c.status == Status.NEW),
            insights.c.kind.in_(bindparam("kinds", expanding=True)),
            insights.c.demand > 0,
            _is_theirs(insights.c.insight),
            *(insights.c.insight.not_in(these) for these in (_SAID, _ONLY_LATER, TOLD_THEN)),
        )
        .order_by(*order, insights.c.number)
        .limit(bindparam("most", type_=BigInteger))
        .cte("first")
    )
    return _weighed(first, func.max(first.c.many).label("many")).order_by(*order, insights.c.number)


LONGEST_WAITING = _waiting(insights.c.first_at)
MOST_WANTED = _waiting(insights.c.demand.desc(), insights.c.last_at.desc())
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
        insights.c.last_at > bindparam("from_at", type_=Moment),
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
OF_TIERS_OF = OF_TIERS.where(voices.c.insight.in_(bindparam("these", expanding=True)))
