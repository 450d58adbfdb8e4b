"""Admins are told, without names, when much is held back of somebody all at once; `/board unusual` has the names."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.posts import plain
from dialogue.recognising.unusual import OFTEN
from dialogue.reporting import where_admins_read
from dialogue.router import Context, Router
from dialogue.rows import Schedule
from dialogue.schedules import ONCE

TIMER: Final = "unusual"

_LATELY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


def router() -> Router:
    """The handler of the timer."""
    alarming = Router("alarming")
    alarming.on(f"timer:{TIMER}")(only(TimerFired, _look))
    return alarming


async def watch(context: Context, at: datetime) -> None:
    """Something of that moment was held back: if it is of now, look at the next full hour whether that is much."""
    spaces = await context.uow.communities.spaces(context.community)
    if spaces and context.now - at < _LATELY:
        due = context.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR
        await context.uow.schedules.put(Schedule(context.community, spaces[0], TIMER, ONCE, "UTC", due))


async def _look(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    held = await context.uow.contributions.held_back(context.community, context.now - _LATELY)
    people = sum(times >= OFTEN for times in Counter(line.member for line in held).values())
    channel = await where_admins_read(context, event.space) if people else None
    if channel is None:
        return ()
    said = Said(plain(context.texts.say("board.alarm", {"people": people})))
    unchanged = AudienceUnchanged(channel.space, channel.id, channel.audience)
    return [Outgoing(Post(channel.space, channel.id, said), (unchanged,), asked=Asked.YES)]
