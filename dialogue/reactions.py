"""On what a reaction stands that says something by itself, beside those that are a tag's."""

from collections.abc import Collection

from dialogue.capturing.thinking import here
from dialogue.events import ReactionAdded, ReactionRemoved
from dialogue.router import Context
from knowledge_base.messages import Message


async def reacted_to(event: ReactionAdded | ReactionRemoved, context: Context, says: Collection[str]) -> Message | None:
    """The message, if the emoji is one of ``says`` (by name, or itself) and no tag's reaction, and it was kept."""
    emoji = event.emoji.strip(":").rstrip("\ufe0f")
    if emoji not in says:
        return None
    if any(tag.reaction == emoji for tag in await context.uow.teams.tags(context.community)):
        return None
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    return None if message is None or message.deleted else message
