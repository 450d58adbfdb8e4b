"""Two accounts are one person's: what either has becomes one member's, and of what each has once, one stays."""

from typing import Final

from sqlalchemy import bindparam, delete, exists, func, select, update

from adapters.storage.tables import (
    accounts,
    addressees,
    announcements,
    answer_changes,
    answers,
    audit,
    board_members,
    carried,
    codes,
    consents,
    contributions,
    corrections,
    grants,
    insights,
    learning_steps,
    members,
    messages,
    mutes,
    notes,
    partners,
    questions,
    reminded,
    reminder_stops,
    reminder_zones,
    status_changes,
    tellings,
    terms,
    welcomes,
)
from adapters.storage.transaction import Transaction
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.partners import PartnerState

LAST_CONSENT: Final = select(func.coalesce(func.max(consents.c.number), 0).label("number")).where(
    consents.c.community_id == bindparam("community"), consents.c.member == bindparam("of_member")
)
"""The number of the last choice that a member made."""
_MOVE_CONSENTS = (
    update(consents)
    .where(consents.c.community_id == bindparam("community"), consents.c.member == bindparam("of_other"))
    .values(member=bindparam("of_member"), number=consents.c.number + bindparam("last"))
)
_TOLD, _MUTED, _ASKED = tellings.alias("told"), mutes.alias("muted"), addressees.alias("asked")
_NAMED, _WELCOMED = board_members.alias("named"), welcomes.alias("welcomed")
_INVITED = partners.alias("invited")
_REMINDED, _SILENT, _CLOCK = reminded.alias("again"), reminder_stops.alias("silent"), reminder_zones.alias("clock")
MEMBER_COLUMNS: Final = (
    accounts.c.member,
    messages.c.author,
    insights.c.owner,
    status_changes.c.by,
    status_changes.c.owner,
    notes.c.by,
    answers.c.solver,
    answer_changes.c.by,
    audit.c.by,
    corrections.c.by,
    announcements.c.by,
    tellings.c.member,
    mutes.c.member,
    questions.c.by,
    addressees.c.member,
    carried.c.by,
    learning_steps.c.by,
    terms.c.by,
    board_members.c.member,
    contributions.c.member,
    contributions.c.by,
    reminded.c.member,
    reminder_stops.c.member,
    reminder_zones.c.member,
    grants.c.member,
    grants.c.by,
    codes.c.member,
    codes.c.entry_member,
    partners.c.member,
    partners.c.by,
    welcomes.c.member,
)
"""Every column that names a member, but for their own row and the choices they made."""
_LAST_TURN = select(func.coalesce(func.max(grants.c.turn), 0).label("turn")).where(
    grants.c.community_id == bindparam("community"), grants.c.member == bindparam("of_member")
)
_MOVE_GRANTS = (
    update(grants)
    .where(grants.c.community_id == bindparam("community"), grants.c.member == bindparam("of_other"))
    .values(member=bindparam("of_member"), turn=grants.c.turn + bindparam("last"))
)
"""First of all: both may have got the same reward."""
_MOVES = [
    update(column.table)
    .where(column.table.c.community_id == bindparam("community"), column == bindparam("of_other"))
    .values({column: bindparam("of_member")})
    for column in MEMBER_COLUMNS
]
_DROP_DOUBLES = [
    delete(doubled).where(
        doubled.c.community_id == bindparam("community"),
        doubled.c.member == bindparam("of_other"),
        one_of.in_(
            select(again).where(twin.c.community_id == bindparam("community"), twin.c.member == bindparam("of_member"))
        ),
    )
    for doubled, one_of, twin, again in (
        (tellings, tellings.c.announcement, _TOLD, _TOLD.c.announcement),
        (mutes, mutes.c.insight, _MUTED, _MUTED.c.insight),
        (addressees, addressees.c.question, _ASKED, _ASKED.c.question),
        (board_members, board_members.c.community_id, _NAMED, _NAMED.c.community_id),
        (welcomes, welcomes.c.community_id, _WELCOMED, _WELCOMED.c.community_id),
        (partners, partners.c.community_id, _INVITED, _INVITED.c.community_id),
        (reminded, reminded.c.occasion, _REMINDED, _REMINDED.c.occasion),
        (reminder_stops, reminder_stops.c.community_id, _SILENT, _SILENT.c.community_id),
        (reminder_zones, reminder_zones.c.community_id, _CLOCK, _CLOCK.c.community_id),
    )
]
"""Of what either has once, before it is one's who has it."""
_DECLINED = (
    update(partners)
    .where(
        partners.c.community_id == bindparam("community"),
        partners.c.member == bindparam("of_member"),
        exists().where(
            _INVITED.c.community_id == bindparam("community"),
            _INVITED.c.member == bindparam("of_other"),
            _INVITED.c.state == PartnerState.DECLINED,
        ),
    )
    .values(state=PartnerState.DECLINED)
)
_AGREED = (
    update(partners)
    .where(
        partners.c.community_id == bindparam("community"),
        partners.c.member == bindparam("of_member"),
        partners.c.state == PartnerState.INVITED,
        exists().where(
            _INVITED.c.community_id == bindparam("community"),
            _INVITED.c.member == bindparam("of_other"),
            _INVITED.c.state == PartnerState.PARTNER,
        ),
    )
    .values(state=PartnerState.PARTNER)
)
_REMOVE = delete(members).where(
    members.c.community_id == bindparam("community"), members.c.member == bindparam("of_other")
)


async def become_one(transaction: Transaction, community: CommunityId, member: MemberId, other: MemberId) -> None:
    """Everything of ``other`` is ``member``'s, and ``other`` is gone."""
    who = {"community": community, "of_member": member, "of_other": other}
    (last,) = await transaction.rows(LAST_CONSENT, {"community": community, "of_member": member})
    await transaction.run(_MOVE_CONSENTS, {**who, "last": last.number})
    (got,) = await transaction.rows(_LAST_TURN, {"community": community, "of_member": member})
    await transaction.run(_MOVE_GRANTS, {**who, "last": got.turn})
    for move in (_AGREED, _DECLINED, *_DROP_DOUBLES, *_MOVES):
        await transaction.run(move, who)
    await transaction.run(_REMOVE, {"community": community, "of_other": other})
