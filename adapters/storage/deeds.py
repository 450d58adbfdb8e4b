"""What the firm's people did for the loop: one query a sort of deed, however much was done."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Text, bindparam, func, select, type_coerce

from adapters.storage.columns import Moment
from adapters.storage.tables import announcements, answers, members, messages, status_changes
from adapters.storage.transaction import Transaction
from knowledge_base.announcements import AnnouncementState
from knowledge_base.answers import AnswerState
from knowledge_base.health import Deeds
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.members import Role
from knowledge_base.taggings import taggings

_COMMUNITY: Final = bindparam("community", type_=members.c.community_id.type)
_SINCE: Final = bindparam("since", type_=Moment)

_STAFF = select(members.c.member).where(
    members.c.community_id == _COMMUNITY, members.c.role.in_([role for role in Role if role.may(Role.STAFF)])
)
_TAGGED = select(messages.c.reasons).where(
    messages.c.community_id == _COMMUNITY,
    messages.c.at >= _SINCE,
    type_coerce(messages.c.reasons, Text).like("%tagged: %"),
)
_ANSWERED = (
    select(answers.c.solver.label("by"), func.count().label("many"))
    .where(answers.c.community_id == _COMMUNITY, answers.c.at >= _SINCE, answers.c.state == AnswerState.APPROVED)
    .group_by(answers.c.solver)
)
_DECIDED = (
    select(status_changes.c.by, func.count().label("many"))
    .where(
        status_changes.c.community_id == _COMMUNITY, status_changes.c.at >= _SINCE, status_changes.c.undoes.is_(None)
    )
    .group_by(status_changes.c.by)
)
_CLOSED = (
    select(announcements.c.by, func.count().label("many"))
    .where(
        announcements.c.community_id == _COMMUNITY,
        announcements.c.at >= _SINCE,
        announcements.c.state == AnnouncementState.SENT,
    )
    .group_by(announcements.c.by)
)


async def deeds_of(transaction: Transaction, community: CommunityId, since: datetime) -> Sequence[Deeds]:
    """What each of the firm's people did since then; nobody who did nothing is among them."""
    asked = {"community": community, "since": since}
    staff = {row.member for row in await transaction.rows(_STAFF, {"community": community})}
    tagged = Counter(tagging.by for row in await transaction.rows(_TAGGED, asked) for tagging in taggings(row.reasons))
    answered, decided, closed = [
        {row.by: row.many for row in await transaction.rows(query, asked)} for query in (_ANSWERED, _DECIDED, _CLOSED)
    ]
    return [
        Deeds(
            MemberId(member),
            tagged.get(MemberId(member), 0),
            answered.get(member, 0),
            decided.get(member, 0),
            closed.get(member, 0),
        )
        for member in sorted(staff & (tagged.keys() | answered.keys() | decided.keys() | closed.keys()))
    ]
