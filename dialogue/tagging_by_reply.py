"""Staff keep a message by replying to it with the bot's name, and a tag or several if they like."""

import re
from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.capturing.thinking import here
from dialogue.events import MessagePosted
from dialogue.handling import only
from dialogue.people import member_behind
from dialogue.permitting import may_tag
from dialogue.router import Context, Router
from dialogue.tagging import Tagger
from knowledge_base.members import Role
from knowledge_base.taggings import Given, Tagging

_WORD: Final = re.compile(r"#?([\w-]+)[.,!]?")
_SAID_FIRST: Final = "tag"


def router(tagger: Tagger) -> Router:
    """The handler; included after capturing, so that both messages are stored."""

    async def posted(event: MessagePosted, context: Context) -> Sequence[Outgoing]:
        meant = event.reply_to or event.place.thread
        if meant is None or not event.live or not event.actor.role.may(Role.STAFF):
            return ()
        tags = await named_tags(event, context) if await may_tag(event.actor.role, context) else ()
        message = await context.uow.messages.get(context.community, here(event.place, meant)) if tags else None
        if message is None or message.deleted or not message.role.is_person:
            return ()
        member = await member_behind(event.actor, event.place.space, context)
        outgoing: list[Outgoing] = []
        for tag in tags:
            stored = await context.uow.messages.get(context.community, message.id)
            outgoing.extend(await tagger.tag(context, stored or message, Tagging(tag, Given.REPLY, member.id)))
        return outgoing

    replies = Router("tagging by reply")
    replies.on("message_posted")(only(MessagePosted, posted))
    return replies


async def named_tags(event: MessagePosted, context: Context) -> Sequence[str]:
    """The tags a reply gives: what it says beside the bot's name must be tags of the community, and nothing else.

    An empty one where it says nothing more. None for what says anything else: that is talk, and no gesture.
    """
    identity = context.identity(event.place.space)
    if identity is None or identity.mention not in event.text:
        return ()
    words = event.text.replace(identity.mention, " ").split()
    if words and words[0].casefold() == _SAID_FIRST:
        words = words[1:]
    if not words:
        return ("",)
    known = {tag.name.casefold(): tag.name for tag in await context.uow.teams.tags(context.community)}
    said = [match[1].casefold() if (match := _WORD.fullmatch(word)) else "" for word in words]
    return [known[word] for word in dict.fromkeys(said)] if all(word in known for word in said) else ()
