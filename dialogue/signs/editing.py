"""A sign quotes what was said as it is worded now; deletions are shown by who erases."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.capturing.thinking import here
from dialogue.events import MessageEdited
from dialogue.handling import only
from dialogue.router import Context, Router
from dialogue.signs.showing import show_signs


def router() -> Router:
    """The handler of edits, which comes after the new words were kept."""
    editing = Router("signs worded anew")
    editing.on("message_edited")(only(MessageEdited, _edited))
    return editing


async def _edited(event: MessageEdited, context: Context) -> Sequence[Outgoing]:
    return await show_signs(context, [here(event.place, event.message)])
