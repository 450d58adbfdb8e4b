"""Excluding: of a channel of minors, or where what is said is sensitive, nothing is kept, and nothing is said there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from dialogue.actions import Outgoing
from dialogue.capturing.erasing import erase
from dialogue.errors import Refused
from dialogue.events import Place, TimerFired
from dialogue.handling import only
from dialogue.router import Context, Router
from dialogue.rows import Schedule
from dialogue.schedules import ONCE
from knowledge_base.channels import Channel, Mode
from knowledge_base.ids import ChannelId, SpaceId

TIMER: Final = "excluded"
PART: Final = 500
"""Messages that are forgotten in one go: nobody else has to wait for all."""

_AGAIN: Final = timedelta(minutes=1)
"""When it is looked for what was being kept at the very moment."""


def router() -> Router:
    """The handler of the timer."""
    excluding = Router("excluding")
    excluding.on(f"timer:{TIMER}")(only(TimerFired, _due))
    return excluding


async def exclude(context: Context, channel: Channel) -> Sequence[Outgoing]:
    """Nothing said there is kept from now on; what was is erased, as if its authors had, whatever staff did with it.

    The rest of much is erased right after. Raises :class:`Refused` for a channel in which a team, admins or partners
    read, or one person talks with the bot alone.
    """
    uow, community = context.uow, context.community
    read = [
        (one.space, one.channel)
        for one in (*await uow.teams.teams(community), await uow.partners.group(community))
        if one
    ]
    if channel.direct or (channel.space, channel.id) in (*read, await uow.communities.admin_channel(community)):
        raise Refused(context.texts.say("refused.not_excludable", {"channel": channel.name}))
    await uow.channels.choose(channel.space, channel.id, mode=Mode.EXCLUDED)
    place = Place(channel.space, channel.id, channel.name, channel.audience, channel.shared)
    await uow.inbox.purge_place(community, place, context.now)
    return await _forget(context, channel.space, channel.id, _AGAIN)


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    _, space, channel = event.schedule.split(":", 2)
    known = await context.uow.channels.get(SpaceId(space), ChannelId(channel))
    if known is None or known.mode is not Mode.EXCLUDED:
        return ()
    return await _forget(context, known.space, known.id, None)


async def _forget(context: Context, space: SpaceId, channel: ChannelId, again: timedelta | None) -> Sequence[Outgoing]:
    """Erase a part of what was said there. What is left is looked for at once, or ``again`` after that time."""
    said, _ = await context.uow.messages.said_in(context.community, space, channel, None, after=0, limit=PART)
    wait = timedelta() if len(said) == PART else again
    if wait is not None:
        name, due = f"{TIMER}:{space}:{channel}", context.now + wait
        await context.uow.schedules.put(Schedule(context.community, space, name, ONCE, "UTC", due))
    return await erase(context, said) if said else ()
