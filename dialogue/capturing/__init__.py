"""From what was heard to what is kept: messages, and the insights they voice; edits and deletions follow through."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.capturing.deleting import deleted, place_deleted
from dialogue.capturing.editing import edited
from dialogue.capturing.posting import posted
from dialogue.capturing.thinking import Understanding
from dialogue.events import MessageDeleted, MessageEdited, MessagePosted, PlaceDeleted
from dialogue.handling import only
from dialogue.router import Context, Router


def router(understanding: Understanding) -> Router:
    """The handlers of messages, edits and deletions."""

    async def on_posted(event: MessagePosted, context: Context) -> Sequence[Outgoing]:
        return await posted(event, context, understanding)

    async def on_edited(event: MessageEdited, context: Context) -> Sequence[Outgoing]:
        return await edited(event, context, understanding)

    capturing = Router("capturing")
    capturing.on("message_posted")(only(MessagePosted, on_posted))
    capturing.on("message_edited")(only(MessageEdited, on_edited))
    capturing.on("message_deleted")(only(MessageDeleted, deleted))
    capturing.on("place_deleted")(only(PlaceDeleted, place_deleted))
    return capturing
