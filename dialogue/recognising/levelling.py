"""Roles that go with levels: given where somebody reaches a level, taken back where they are below it again.

Only what was given by a level is taken back. It happens a moment after the ledger changed, by a timer, so that whatever
changes the ledger need not send anything.
"""

from collections.abc import Collection, Sequence
from typing import Final

from dialogue.actions import GrantRole, Outgoing
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.router import Context, Router
from dialogue.rows import Schedule
from dialogue.schedules import ONCE
from knowledge_base.ids import MemberId, SpaceId
from knowledge_base.levels import GivenRole, Level

TIMER: Final = "level"


def router() -> Router:
    """The handler of the timer."""
    levelling = Router("levelling")
    levelling.on(f"timer:{TIMER}")(only(TimerFired, _look))
    return levelling


async def look_at(context: Context, members: Collection[MemberId]) -> None:
    """What these members contributed has changed: see to their roles soon, if any level gives one."""
    levels = await context.uow.levels.all(context.community) if members else ()
    space = next((level.space for level in levels if level.space is not None), None)
    if space is not None:
        for member in sorted(members):
            await _soon(context, space, member)


async def look_at_all(context: Context, space: SpaceId) -> None:
    """The levels have changed: see to everybody's roles soon."""
    await _soon(context, space, "")


async def _soon(context: Context, space: SpaceId, member: str) -> None:
    name = f"{TIMER}:{member}"
    await context.uow.schedules.put(Schedule(context.community, space, name, ONCE, "UTC", context.now))


async def _look(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    uow, community = context.uow, context.community
    await uow.communities.lock(community)
    levels = await uow.levels.all(community)
    named = event.schedule.removeprefix(f"{TIMER}:")
    members = {MemberId(named)} if named else await uow.contributions.contributors(community)
    if not named:
        members = members | await uow.levels.holders(community)
    return [grant for member in sorted(members) for grant in await _seen_to(context, member, levels)]


async def _seen_to(context: Context, member: MemberId, levels: Sequence[Level]) -> Sequence[Outgoing]:
    uow, community = context.uow, context.community
    points = await uow.contributions.total(community, member)
    accounts = await uow.members.accounts(community, member)
    due = {
        GivenRole(account.space, account.id, level.group)
        for level in levels
        for account in accounts
        if level.group and level.space == account.space and level.threshold <= points
    }
    has = await uow.levels.roles_of(community, member)
    for role in due - has:
        await uow.levels.give(community, role)
    for role in has - due:
        await uow.levels.take(community, role)
    changed = [*((role, True) for role in due - has), *((role, False) for role in has - due)]
    changed.sort(key=lambda one: (one[0].space, one[0].account, one[0].group))
    return [Outgoing(GrantRole(role.space, role.account, role.group, granted=granted)) for role, granted in changed]
