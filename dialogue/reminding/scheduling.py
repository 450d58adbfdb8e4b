"""Each hour it is looked whom a rule reminds: it is day for some at any hour."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from dialogue.actions import Outgoing, ReminderOf, SendDirect, StillConsents
from dialogue.events import ButtonPressed, TimerFired
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.reminding.choosing import Candidate, Moment, candidates
from dialogue.reminding.stopping import STOP, stop
from dialogue.router import Context, Router
from dialogue.rows import Schedule
from dialogue.schedules import next_due
from knowledge_base.ids import AccountId, CommunityId, SpaceId
from knowledge_base.reminders import MONTH, Occasion, Planned, Reminder, ReminderState, has_enough, planned

TIMER: Final = "reminder"
A_LOOK: Final = 50
"""How many people are reminded in one go at most; it goes on :data:`SOON` after. So nothing else waits for long."""
SOON: Final = timedelta(minutes=1)

_HOURLY: Final = "5 * * * *"


def router() -> Router:
    """The handlers of the timer and of the button."""
    reminding = Router("reminding")
    reminding.on(f"timer:{TIMER}")(only(TimerFired, _due))
    reminding.on(f"button:{STOP}")(only(ButtonPressed, stop))
    return reminding


async def running(uow: UnitOfWork, community: CommunityId) -> Sequence[Reminder]:
    """The rules that remind anybody at present, by number."""
    return [rule for rule in await uow.reminders.rules(community) if rule.state is ReminderState.RUNNING]


async def look_after(context: Context, space: SpaceId) -> None:
    """It is looked as long as there is a rule that reminds anybody."""
    uow, community = context.uow, context.community
    if not await running(uow, community):
        await uow.schedules.remove(community, TIMER)
        return
    due_at = next_due(_HOURLY, "UTC", context.now)
    await uow.schedules.put(Schedule(community, space, TIMER, _HOURLY, "UTC", due_at))


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    uow, community = context.uow, context.community
    await uow.communities.lock(community)
    rules, settings = await running(uow, community), await uow.reminders.settings(community)
    if settings is None:
        return ()
    lately = await uow.reminders.lately(community, event.at - MONTH)
    sated = {member for member, told_at in lately.items() if has_enough(told_at, settings, event.at)}
    moment = Moment(community, event.at, settings, sated, A_LOOK)
    reachable = await _reachable(context, rules, moment)
    people = {one.person.member: one.person for one in reachable}
    chosen = planned(rules, [one.occasion for one in reachable], people, settings, moment.now)[:A_LOOK]
    await uow.reminders.add(community, chosen, moment.now)
    if len(chosen) == A_LOOK:
        await uow.schedules.put(Schedule(community, event.space, TIMER, _HOURLY, "UTC", event.at + SOON))
    return [await _sent(context, one) for one in chosen if not one.held]


async def _reachable(context: Context, rules: Sequence[Reminder], moment: Moment) -> Sequence[Candidate]:
    """Those for whom there is news, rule by rule as far as there is room."""
    found: list[Candidate] = []
    for rule in rules:
        if len({one.person.member for one in found}) >= A_LOOK:
            break
        with_news = [one for one in await candidates(context.uow, rule, moment, context.texts) if one.facts]
        found += [one for one in with_news if await _account(context, one.occasion) is not None]
    return found


async def _sent(context: Context, one: Planned) -> Outgoing:
    occasion, account = one.occasion, await _account(context, one.occasion)
    if account is None:
        raise LookupError(f"{occasion.member} has no account in {occasion.space} any more")
    reminder = ReminderOf(occasion.rule, occasion.member, occasion.key)
    direct = SendDirect(occasion.space, account, reminder, member=occasion.member)
    return Outgoing(direct, (StillConsents(occasion.member),))


async def _account(context: Context, occasion: Occasion) -> AccountId | None:
    known = await context.uow.members.speaking_as(context.community, occasion.space, [occasion.member])
    return known.get(occasion.member)
