"""How long what was said is kept: looked after once a day, part by part."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from dialogue.actions import Outgoing
from dialogue.capturing.erasing import erase
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.router import Context, Router
from dialogue.rows import Schedule
from dialogue.schedules import ONCE, next_due
from knowledge_base.ids import SpaceId

TIMER: Final = "retention"
PART: Final = 500
"""Messages of one audience that are forgotten in one go: nobody else has to wait for all."""

_DAILY: Final = f"{TIMER}:daily"
_REST: Final = f"{TIMER}:rest"
_RULE: Final = "17 3 * * *"


def router() -> Router:
    """The handler of the timer."""
    retention = Router("retention")
    retention.on(f"timer:{TIMER}")(only(TimerFired, _due))
    return retention


async def look_after(context: Context, space: SpaceId) -> None:
    """Look once a day as long as anything is to be forgotten; also at once, for what was said long ago."""
    uow, community = context.uow, context.community
    if not await uow.retentions.of(community):
        for name in (_DAILY, _REST):
            await uow.schedules.remove(community, name)
        return
    due_at = next_due(_RULE, "UTC", context.now)
    await uow.schedules.put(Schedule(community, space, _DAILY, _RULE, "UTC", due_at))
    await uow.schedules.put(Schedule(community, space, _REST, ONCE, "UTC", context.now))


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Erase what is older than its audience keeps it, with all that shows it; what staff acted on stays."""
    uow, community = context.uow, context.community
    edits: list[Outgoing] = []
    for audience, days in (await uow.retentions.of(community)).items():
        said = await uow.messages.outlived(community, audience, context.now - timedelta(days=days), PART)
        if said:
            edits.extend(await erase(context, said))
        if len(said) == PART:
            await uow.schedules.put(Schedule(community, event.space, _REST, ONCE, "UTC", context.now))
    return edits
