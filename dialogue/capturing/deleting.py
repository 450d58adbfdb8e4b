"""A message is gone: so is everything that showed its words."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.capturing.erasing import erase
from dialogue.capturing.thinking import here
from dialogue.events import MessageDeleted
from dialogue.router import Context


async def deleted(event: MessageDeleted, context: Context) -> Sequence[Outgoing]:
    """Erase it; one that was never kept needs nothing, the inbox keeps its tombstone."""
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    return () if message is None or message.deleted else await erase(context, [message])
