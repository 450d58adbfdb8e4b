"""What there is to remind members of, and what is to be known of them before."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, func, or_, select

from adapters.storage.columns import Moment, ShownText
from adapters.storage.tables import (
    answer_parts,
    answers,
    communities,
    contributions,
    insights,
    members,
    messages,
    mutes,
    reminded,
    reminder_stops,
    reminder_zones,
    status_changes,
    voices,
)
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.answers import AnswerState, Part
from knowledge_base.ids import AnswerId, CommunityId, MemberId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Policy, Recording
from knowledge_base.ports import Occasions
from knowledge_base.reminders import COMPLAINED, MONTH, TAKEN_UP, TALKING, WAITING, Occasion, Person

_COMMUNITY: Final = bindparam("community", type_=ShownText)
_SINCE: Final = bindparam("since", type_=Moment)
_THESE: Final = bindparam("these", expanding=True, type_=ShownText)
_EVERYTHING_MUTED: Final = ""

_VOICED = messages.join(
    voices, (voices.c.community_id == messages.c.community_id) & (voices.c.message == messages.c.message)
)
_WITH_INSIGHT = _VOICED.join(
    insights, (insights.c.community_id == voices.c.community_id) & (insights.c.insight == voices.c.insight)
)
_TAKEN_UP = insights.c.status.in_(TAKEN_UP)
_VOICED_SINCE = (
    select(
        messages.c.author,
        messages.c.message,
        messages.c.space,
        messages.c.at,
        or_(_TAKEN_UP, (insights.c.status == Status.NEW) & (insights.c.demand > 1)).label("tells"),
    )
    .select_from(_WITH_INSIGHT)
    .where(messages.c.community_id == _COMMUNITY, messages.c.at >= _SINCE)
    .order_by(messages.c.author, messages.c.at, messages.c.message)
)
_VOICED_BEFORE = select(members.c.member).where(
    members.c.community_id == _COMMUNITY,
    members.c.member.in_(_THESE),
    exists()
    .where(
        messages.c.community_id == members.c.community_id,
        messages.c.author == members.c.member,
        messages.c.at < _SINCE,
        voices.c.community_id == messages.c.community_id,
        voices.c.message == messages.c.message,
    )
    .correlate(members),
)

_WHOSE = (messages.c.author, messages.c.message, messages.c.space, messages.c.at)
_BEFORE = status_changes.alias("before")
_CHANGED = (
    select(*_WHOSE, status_changes.c.insight, status_changes.c.status, status_changes.c.at.label("changed_at"))
    .select_from(
        _WITH_INSIGHT.join(
            status_changes,
            (status_changes.c.community_id == insights.c.community_id)
            & (status_changes.c.insight == insights.c.insight)
            & (status_changes.c.status == insights.c.status),
        ).outerjoin(
            _BEFORE,
            (_BEFORE.c.community_id == status_changes.c.community_id)
            & (_BEFORE.c.insight == status_changes.c.insight)
            & (_BEFORE.c.number == status_changes.c.number - 1),
        )
    )
    .where(
        status_changes.c.community_id == _COMMUNITY,
        status_changes.c.at >= _SINCE,
        _TAKEN_UP,
        # a line that changes the owner alone repeats the status
        or_(_BEFORE.c.status.is_(None), _BEFORE.c.status != status_changes.c.status),
        messages.c.at < status_changes.c.at,
    )
    .order_by(messages.c.at, messages.c.message)
)
_UNTIL: Final = bindparam("until", type_=Moment)
_LAST = (
    select(messages.c.author, func.max(messages.c.at, type_=Moment).label("last_at"))
    .where(messages.c.community_id == _COMMUNITY, messages.c.deleted.is_(False))
    .group_by(messages.c.author)
    .having(func.max(messages.c.at) > _SINCE, func.max(messages.c.at) <= _UNTIL)
    .subquery()
)
_GONE_QUIET = (
    select(*_WHOSE, _LAST.c.last_at)
    .select_from(_VOICED.join(_LAST, _LAST.c.author == messages.c.author))
    .where(messages.c.community_id == _COMMUNITY)
    .order_by(messages.c.at, messages.c.message)
)
_AGAIN, _SAYING = voices.alias("again"), messages.alias("saying")
_SAID_AGAIN = (
    select(_AGAIN.c.insight)
    .join(_SAYING, (_SAYING.c.community_id == _AGAIN.c.community_id) & (_SAYING.c.message == _AGAIN.c.message))
    .where(_AGAIN.c.community_id == _COMMUNITY, _SAYING.c.at >= _SINCE, _SAYING.c.at < _UNTIL)
)
_GIVEN_A_STATUS = select(status_changes.c.insight).where(
    status_changes.c.community_id == _COMMUNITY, status_changes.c.at >= _SINCE, status_changes.c.at < _UNTIL
)
_OF_MONTH = (
    select(*_WHOSE)
    .select_from(_VOICED)
    .where(
        messages.c.community_id == _COMMUNITY,
        messages.c.at < _UNTIL,
        or_(voices.c.insight.in_(_SAID_AGAIN), voices.c.insight.in_(_GIVEN_A_STATUS)),
    )
    .order_by(messages.c.at, messages.c.message)
)
_QUESTION, _ADVICE, _SAME = messages.alias("question"), messages.alias("advice"), voices.alias("same")
_ASKED_AGAIN = (
    select(answers.c.answer, answers.c.solver, _ADVICE.c.message, _ADVICE.c.space, messages.c.author, messages.c.at)
    .select_from(
        answers.join(
            _QUESTION,
            (_QUESTION.c.community_id == answers.c.community_id) & (_QUESTION.c.message == answers.c.question),
        )
        .join(
            answer_parts,
            (answer_parts.c.community_id == answers.c.community_id)
            & (answer_parts.c.answer == answers.c.answer)
            & (answer_parts.c.part == Part.SOLUTION),
        )
        .join(
            _ADVICE,
            (_ADVICE.c.community_id == answer_parts.c.community_id)
            & (_ADVICE.c.message == answer_parts.c.message)
            & (_ADVICE.c.author == answers.c.solver),
        )
        .join(_SAME, (_SAME.c.community_id == answers.c.community_id) & (_SAME.c.message == answers.c.question))
        .join(voices, (voices.c.community_id == _SAME.c.community_id) & (voices.c.insight == _SAME.c.insight))
        .join(messages, (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message))
    )
    .where(
        answers.c.community_id == _COMMUNITY,
        answers.c.state == AnswerState.APPROVED,
        messages.c.at > answers.c.at,
        messages.c.author.not_in((answers.c.solver, _QUESTION.c.author)),
    )
    .order_by(messages.c.at, messages.c.message, answer_parts.c.number.desc())
)

_PEOPLE = (
    select(members, reminder_zones.c.zone)
    .outerjoin(
        reminder_zones,
        (reminder_zones.c.community_id == members.c.community_id) & (reminder_zones.c.member == members.c.member),
    )
    .add_columns(
        or_(
            members.c.recording == Recording.STOPPED,
            (members.c.recording == Recording.UNSAID)
            & exists().where(
                communities.c.community_id == members.c.community_id, communities.c.policy == Policy.OPT_IN
            ),
            exists().where(
                reminder_stops.c.community_id == members.c.community_id, reminder_stops.c.member == members.c.member
            ),
            exists().where(
                mutes.c.community_id == members.c.community_id,
                mutes.c.member == members.c.member,
                mutes.c.insight == _EVERYTHING_MUTED,
            ),
        ).label("unwilling"),
        exists()
        .where(
            contributions.c.community_id == members.c.community_id,
            contributions.c.member == members.c.member,
            contributions.c.reversed_at.is_(None),
            contributions.c.guard.is_(None),
        )
        .label("contributed"),
    )
    .where(members.c.community_id == _COMMUNITY, members.c.member.in_(_THESE))
)
_TOLD = (
    select(reminded.c.member, reminded.c.at)
    .where(reminded.c.community_id == _COMMUNITY, reminded.c.member.in_(_THESE), reminded.c.at > _SINCE)
    .order_by(reminded.c.at)
)
_FIRST_SAID = (
    select(messages.c.author, func.min(messages.c.at, type_=Moment).label("at"))
    .where(messages.c.community_id == _COMMUNITY, messages.c.author.in_(_THESE))
    .group_by(messages.c.author)
)
_COMPLAINED = (
    select(messages.c.author, func.max(messages.c.at, type_=Moment).label("at"))
    .where(
        messages.c.community_id == _COMMUNITY,
        messages.c.author.in_(_THESE),
        messages.c.kind == Kind.COMPLAINT,
        messages.c.at > _SINCE,
    )
    .group_by(messages.c.author)
)
_TALKS = (
    select(messages.c.author, messages.c.conversation)
    .distinct()
    .where(messages.c.community_id == _COMMUNITY, messages.c.author.in_(_THESE), messages.c.at > _SINCE)
)
_SAID_IN = (
    select(messages.c.conversation, messages.c.author, messages.c.kind, messages.c.at)
    .where(messages.c.community_id == _COMMUNITY, messages.c.conversation.in_(_THESE), messages.c.at > _SINCE)
    .order_by(messages.c.at, messages.c.position)
)


class SqlOccasions(Occasions):
    """See :class:`knowledge_base.ports.Occasions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def first_insights(self, community: CommunityId, rule: int, since: datetime) -> Sequence[Occasion]:
        """Who voiced something for the first time since then that others said too, or that staff took up."""
        asked = {"community": community, "since": since}
        began: dict[MemberId, datetime] = {}
        first: dict[MemberId, StoredRow] = {}
        for row in await self._transaction.rows(_VOICED_SINCE, asked):
            if began.setdefault(row.author, row.at) == row.at and row.tells:
                first.setdefault(row.author, row)
        for known in await self._transaction.rows_of(_VOICED_BEFORE, asked, sorted(first)):
            del first[known.member]
        return [Occasion(rule, row.author, "first", row.at, row.space, row.message) for row in first.values()]

    async def status_changes(self, community: CommunityId, rule: int, since: datetime) -> Sequence[Occasion]:
        """Whose words before it were taken up or shipped since then, and are at that still."""
        rows = await self._transaction.rows(_CHANGED, {"community": community, "since": since})
        latest = {(row.author, f"{row.insight}:{row.status.name.lower()}"): row for row in rows}
        return [
            Occasion(rule, member, key, row.changed_at, row.space, row.message) for (member, key), row in latest.items()
        ]

    async def gone_quiet(
        self, community: CommunityId, rule: int, since: datetime, until: datetime
    ) -> Sequence[Occasion]:
        """Who voiced something once and said their last in that time."""
        asked = {"community": community, "since": since, "until": until}
        latest = {row.author: row for row in await self._transaction.rows(_GONE_QUIET, asked)}
        return [
            Occasion(rule, member, row.last_at.date().isoformat(), row.last_at, row.space, row.message)
            for member, row in latest.items()
        ]

    async def asked_again(self, community: CommunityId, rule: int, times: int, since: datetime) -> Sequence[Occasion]:
        """Whose approved answers settle what ``times`` others asked after they were found, the last of them since."""
        asking: dict[AnswerId, dict[MemberId, StoredRow]] = {}
        for row in await self._transaction.rows(_ASKED_AGAIN, {"community": community}):
            asking.setdefault(row.answer, {}).setdefault(row.author, row)
        enough = [(answer, list(rows.values())[times - 1]) for answer, rows in asking.items() if len(rows) >= times]
        return [
            Occasion(rule, row.solver, answer, row.at, row.space, row.message)
            for answer, row in enough
            if row.at >= since
        ]

    async def of_month(self, community: CommunityId, rule: int, since: datetime, until: datetime) -> Sequence[Occasion]:
        """Whose insights were said again, or given a status, in that time."""
        asked = {"community": community, "since": since, "until": until}
        latest = {row.author: row for row in await self._transaction.rows(_OF_MONTH, asked)}
        return [
            Occasion(rule, member, f"{since:%Y-%m}", until, row.space, row.message) for member, row in latest.items()
        ]

    async def people(
        self, community: CommunityId, members: Collection[MemberId], now: datetime
    ) -> Mapping[MemberId, Person]:
        """What is to be known of these members before they are reminded."""
        these, asked = sorted(members), {"community": community}
        told = defaultdict[MemberId, list[datetime]](list)
        for row in await self._transaction.rows_of(_TOLD, {**asked, "since": now - MONTH}, these):
            told[row.member].append(row.at)
        first = await self._transaction.rows_of(_FIRST_SAID, asked, these)
        complained = await self._transaction.rows_of(_COMPLAINED, {**asked, "since": now - COMPLAINED}, these)
        since, lately = ({row.author: row.at for row in rows} for rows in (first, complained))
        talking = await self._talking(community, these, now)
        return {
            row.member: Person(
                row.member,
                row.role,
                row.tier,
                row.zone or "",
                not row.unwilling,
                tuple(told[row.member]),
                lately.get(row.member),
                row.member in talking,
                since.get(row.member),
                bool(row.contributed),
            )
            for row in await self._transaction.rows_of(_PEOPLE, asked, these)
        }

    async def _talking(self, community: CommunityId, these: Sequence[MemberId], now: datetime) -> frozenset[MemberId]:
        """Those in whose conversations somebody spoke of late, or who asked what nobody replied to."""
        asked = {"community": community, "since": now - WAITING}
        talks = await self._transaction.rows_of(_TALKS, asked, these)
        rows = await self._transaction.rows_of(_SAID_IN, asked, sorted({row.conversation for row in talks}))
        last = {row.conversation: row for row in rows}
        return frozenset(MemberId(talk.author) for talk in talks if _is_open(last[talk.conversation], talk.author, now))


def _is_open(last: StoredRow, member: MemberId, now: datetime) -> bool:
    return last.at > now - TALKING or (last.author == member and last.kind is Kind.QUESTION)
