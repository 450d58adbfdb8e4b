"""The rules by which members are reminded, who was reminded of what, and what members want of that."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import BigInteger, bindparam, case, delete, func, insert, select

from adapters.storage.columns import Moment
from adapters.storage.tables import (
    messages,
    reminded,
    reminder_settings,
    reminder_stops,
    reminder_zones,
    reminders,
    voices,
)
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new, insert_or_replace
from knowledge_base.effects import Outcome
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.limits import Quiet
from knowledge_base.ports import Reminders
from knowledge_base.reminders import Occasion, Planned, Reminder, ReminderSettings

_RULES = select(reminders).where(reminders.c.community_id == bindparam("community")).order_by(reminders.c.number)
_SETTINGS = select(reminder_settings).where(reminder_settings.c.community_id == bindparam("community"))
_ADD = insert(reminded)
_IN_COMMUNITY = reminded.c.community_id == bindparam("community")
_GET = select(reminded).where(
    _IN_COMMUNITY,
    reminded.c.occasion == bindparam("of_occasion"),
    reminded.c.member == bindparam("of_member"),
)
_ADDED = select(reminded.c.member, reminded.c.occasion).where(
    _IN_COMMUNITY,
    reminded.c.rule == bindparam("of_rule"),
    reminded.c.at >= bindparam("since", type_=reminded.c.at.type),
)
_LATELY = (
    select(reminded.c.member, reminded.c.at)
    .where(_IN_COMMUNITY, reminded.c.at > bindparam("since", type_=reminded.c.at.type))
    .order_by(reminded.c.at)
)
_FORGET = delete(reminded).where(_IN_COMMUNITY, reminded.c.member == bindparam("of_member"))
_RESUME = delete(reminder_stops).where(
    reminder_stops.c.community_id == bindparam("community"), reminder_stops.c.member == bindparam("of_member")
)
_FORGET_ZONE = delete(reminder_zones).where(
    reminder_zones.c.community_id == bindparam("community"), reminder_zones.c.member == bindparam("of_member")
)
_ENTERED = (
    select(
        reminded.c.member,
        func.min(reminded.c.at, type_=Moment).label("at"),
        func.max(case((reminded.c.held, 1), else_=0)).label("held"),
    )
    .where(_IN_COMMUNITY, reminded.c.rule == bindparam("of_rule"))
    .group_by(reminded.c.member)
    .having(
        func.min(case((reminded.c.held, 1), else_=0)) == func.max(case((reminded.c.held, 1), else_=0)),
        func.min(reminded.c.at) <= bindparam("before", type_=Moment),
    )
    .subquery()
)
_OUTCOMES = (
    select(_ENTERED.c.member, _ENTERED.c.held, func.count(voices.c.message).label("times"))
    .select_from(
        _ENTERED.outerjoin(
            messages.join(
                voices,
                (voices.c.community_id == messages.c.community_id) & (voices.c.message == messages.c.message),
            ),
            (messages.c.community_id == bindparam("community"))
            & (messages.c.author == _ENTERED.c.member)
            & (messages.c.at > _ENTERED.c.at)
            & (messages.c.at <= _ENTERED.c.at + bindparam("within", type_=BigInteger)),
        )
    )
    .group_by(_ENTERED.c.member, _ENTERED.c.held)
    .order_by(_ENTERED.c.member)
)
_MICROSECOND = timedelta(microseconds=1)
_STOP_KEY = ("community_id", "member")


class SqlReminders(Reminders):
    """See :class:`knowledge_base.ports.Reminders`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def rules(self, community: CommunityId) -> Sequence[Reminder]:
        """Every rule, by number, removed ones too."""
        return [_rule(row) for row in await self._transaction.rows(_RULES, {"community": community})]

    async def put(self, rule: Reminder) -> None:
        """Store a rule, in place of the one of that number."""
        row = {
            "community_id": rule.community,
            "number": rule.number,
            "occasion": rule.when,
            "text": rule.text,
            "seed": rule.seed,
            "since": rule.since,
            "reminds": rule.to,
            "tier": rule.tier,
            "share": rule.share,
            "times": rule.times,
            "state": rule.state,
        }
        await self._transaction.run(insert_or_replace(reminders, self._transaction.dialect), row)

    async def settings(self, community: CommunityId) -> ReminderSettings | None:
        """What admins chose, or what was usual when the first rule was made; None before."""
        row = await self._transaction.row(_SETTINGS, {"community": community})
        if row is None or row.quiet_start is None:
            return ReminderSettings(row.cap, None) if row else None
        quiet = Quiet(time.fromisoformat(row.quiet_start), time.fromisoformat(row.quiet_end), row.quiet_zone)
        return ReminderSettings(row.cap, quiet)

    async def put_settings(self, community: CommunityId, settings: ReminderSettings) -> None:
        """They hold from now on."""
        quiet = settings.quiet
        row = {
            "community_id": community,
            "cap": settings.cap,
            "quiet_start": quiet.start.isoformat("minutes") if quiet else None,
            "quiet_end": quiet.end.isoformat("minutes") if quiet else None,
            "quiet_zone": quiet.zone if quiet else None,
        }
        await self._transaction.run(insert_or_replace(reminder_settings, self._transaction.dialect), row)

    async def add(self, community: CommunityId, planned: Sequence[Planned], now: datetime) -> None:
        """These are reminded now, or held back."""
        for one in planned:
            occasion = one.occasion
            row = {
                "community_id": community,
                "occasion": _name(occasion.rule, occasion.key),
                "member": occasion.member,
                "rule": occasion.rule,
                "at": now,
                "since": occasion.at,
                "space": occasion.space,
                "message": occasion.message,
                "held": one.held,
            }
            await self._transaction.run(_ADD, row)

    async def get(self, community: CommunityId, rule: int, member: MemberId, key: str) -> Planned | None:
        """A member's occasion that was added, or None."""
        asked = {"community": community, "of_occasion": _name(rule, key), "of_member": member}
        row = await self._transaction.row(_GET, asked)
        if row is None:
            return None
        return Planned(Occasion(row.rule, row.member, key, row.since, row.space, row.message), row.held)

    async def added(self, community: CommunityId, rule: int, since: datetime) -> frozenset[tuple[MemberId, str]]:
        """Of a rule, whose occasions were added from that moment on, by their keys."""
        asked = {"community": community, "of_rule": rule, "since": since}
        rows = await self._transaction.rows(_ADDED, asked)
        return frozenset((MemberId(row.member), str(row.occasion).partition(":")[2]) for row in rows)

    async def lately(self, community: CommunityId, since: datetime) -> Mapping[MemberId, Sequence[datetime]]:
        """When everybody was reminded, or held back, after that moment."""
        told = defaultdict[MemberId, list[datetime]](list)
        for row in await self._transaction.rows(_LATELY, {"community": community, "since": since}):
            told[row.member].append(row.at)
        return told

    async def outcomes(
        self, community: CommunityId, rule: int, before: datetime, within: timedelta
    ) -> Sequence[Outcome]:
        """What members did within that time after a rule's first occasion of theirs."""
        asked = {"community": community, "of_rule": rule, "before": before, "within": within // _MICROSECOND}
        return [Outcome(bool(row.held), row.times) for row in await self._transaction.rows(_OUTCOMES, asked)]

    async def stop(self, community: CommunityId, member: MemberId, now: datetime) -> None:
        """A member wants no reminders any more."""
        row = {"community_id": community, "member": member, "at": now}
        await self._transaction.run(insert_if_new(reminder_stops, _STOP_KEY, self._transaction.dialect), row)

    async def resume(self, community: CommunityId, member: MemberId) -> bool:
        """They want them again; False if they had not stopped them."""
        return await self._transaction.run(_RESUME, {"community": community, "of_member": member}) > 0

    async def choose_zone(self, community: CommunityId, member: MemberId, zone: str) -> None:
        """By which IANA zone a member's quiet hours go."""
        if not zone:
            await self._transaction.run(_FORGET_ZONE, {"community": community, "of_member": member})
            return
        row = {"community_id": community, "member": member, "zone": zone}
        await self._transaction.run(insert_or_replace(reminder_zones, self._transaction.dialect), row)

    async def forget(self, community: CommunityId, member: MemberId) -> None:
        """Remove what a member was reminded of, and their zone."""
        for statement in (_FORGET, _FORGET_ZONE):
            await self._transaction.run(statement, {"community": community, "of_member": member})


def _name(rule: int, key: str) -> str:
    return f"{rule}:{key}"


def _rule(row: StoredRow) -> Reminder:
    return Reminder(
        row.community_id,
        row.number,
        row.occasion,
        row.text,
        row.seed,
        row.since,
        row.reminds,
        row.tier,
        row.share,
        row.times,
        row.state,
    )
