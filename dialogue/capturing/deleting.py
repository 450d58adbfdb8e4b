"""A message is gone, or a whole thread or channel: so is everything that showed its words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dialogue.actions import Outgoing
from dialogue.capturing.erasing import erase
from dialogue.capturing.thinking import here
from dialogue.events import MessageDeleted, PlaceDeleted, dedupe_key, lane_of
from dialogue.router import Context
from dialogue.rows import NewEvent

PART: Final = 100
"""Messages that are forgotten in one go."""


async def deleted(event: MessageDeleted, context: Context) -> Sequence[Outgoing]:
    """Erase it; one that was never kept needs nothing, the inbox keeps its tombstone."""
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    return () if message is None or message.deleted else await erase(context, [message])


async def place_deleted(event: PlaceDeleted, context: Context) -> Sequence[Outgoing]:
    """Erase all that was kept of it, part by part: nobody else has to wait for a whole year's talk to be forgotten.

    A channel that is gone is no channel any more. What comes of it later, the inbox refuses; what came before this was
    handled by now, or could not be and is wiped there.
    """
    place, uow = event.place, context.uow
    if not event.after:
        await uow.inbox.purge_place(context.community, place, context.now)
    thread = here(place, place.thread) if place.thread else None
    said, last = await uow.messages.said_in(
        context.community, place.space, place.channel, thread, after=event.after, limit=PART
    )
    if len(said) == PART:
        rest = replace(event, after=last)
        await uow.inbox.insert([NewEvent(context.community, lane_of(rest), dedupe_key(rest), rest)], context.now)
    elif thread is None:
        await uow.channels.remove(place.space, place.channel)
    return await erase(context, said) if said else ()
