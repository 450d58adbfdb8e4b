"""When stuck insights are looked for, and when admins get their line."""

from datetime import datetime
from typing import Final

from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.health.escalating import escalate
from dialogue.health.weekly import tell_admins
from dialogue.ports import UnitOfWork
from dialogue.router import Router
from dialogue.rows import Schedule
from dialogue.schedules import next_due
from knowledge_base.ids import CommunityId, SpaceId

RULES: Final = {"stuck": "0 10 * * mon-fri", "health": "0 9 * * mon"}
"""What falls due when, by the schedule's name; once a community."""


async def settle_health(uow: UnitOfWork, community: CommunityId, space: SpaceId, zone: str, now: datetime) -> None:
    """The community has a team: its loop is looked after, in the IANA ``zone``. What is due already stays."""
    due = {one.name for one in await uow.schedules.due(now) if one.community == community}
    for name, rule in RULES.items():
        if name in due:
            continue
        await uow.schedules.put(Schedule(community, space, name, rule, zone, next_due(rule, zone, now)))


async def end_health(uow: UnitOfWork, community: CommunityId) -> None:
    """The community has no team any more, so there is nothing to look after."""
    for name in RULES:
        await uow.schedules.remove(community, name)


def router() -> Router:
    """The handlers of both timers."""
    health = Router("health")
    health.on("timer:stuck")(only(TimerFired, escalate))
    health.on("timer:health")(only(TimerFired, tell_admins))
    return health
