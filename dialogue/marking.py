"""The reactions by which the bot marks what staff tagged: that it is kept, and what became of it."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Asked, MessageStands, Outgoing, React
from dialogue.router import Context
from knowledge_base.channels import Mode
from knowledge_base.ids import MessageId, platform_id
from knowledge_base.insights import Insight, Status
from knowledge_base.messages import Message
from knowledge_base.taggings import Given, taggings

SEEN: Final = "memo"
"""The emoji by which the bot says: kept."""

STATUS_MARKS: Final = {
    Status.PLANNED: "calendar",
    Status.IN_PROGRESS: "hammer",
    Status.SHIPPED: "rocket",
    Status.DECLINED: "no_entry",
}
"""The emoji that stands beside it as long as the insight has that status."""


async def may_mark(context: Context, message: Message, given: Given) -> bool:
    """Whether the bot shows itself where this was said.

    Who tags by a reaction, or by a reply that names the bot, is answered by one in any channel.
    """
    if given in (Given.REACTION, Given.REPLY):
        return True
    channel = await context.uow.channels.get(message.space, message.channel)
    return channel is not None and channel.mode in (Mode.ON_MENTION, Mode.HELPING)


def marks(message: Message, status: Status, *, present: bool) -> list[Outgoing]:
    """Put every mark of a tagged message there, or take it away."""
    emoji = [SEEN, *([STATUS_MARKS[status]] if status in STATUS_MARKS else [])]
    return [_react(message, one, present=present) for one in emoji]


async def mark_status(context: Context, insight: Insight, before: Status) -> Sequence[Outgoing]:
    """On every tagged message that voices the insight: the mark of its status in place of the one before."""
    voices = await context.uow.insights.voices(context.community, insight.id)
    return await mark_moved(context, [voice.message for voice in voices], before, insight.status)


async def mark_moved(
    context: Context, messages: Sequence[MessageId], before: Status, status: Status
) -> Sequence[Outgoing]:
    """On those of these messages that staff tagged: the mark of a status in place of the one before."""
    gone, here = STATUS_MARKS.get(before), STATUS_MARKS.get(status)
    changed: list[Outgoing] = []
    for message in await _marked(context, messages) if gone is not here else ():
        changed.extend([_react(message, gone, present=False)] if gone else [])
        changed.extend([_react(message, here, present=True)] if here else [])
    return changed


async def _marked(context: Context, messages: Sequence[MessageId]) -> Sequence[Message]:
    found = []
    for name in messages:
        message = await context.uow.messages.get(context.community, name)
        given = {tagging.given for tagging in taggings(message.reasons)} if message else set()
        if message and any([await may_mark(context, message, gesture) for gesture in sorted(given)]):
            found.append(message)
    return found


def _react(message: Message, emoji: str, *, present: bool) -> Outgoing:
    stands = MessageStands(message.space, message.channel, platform_id(message.id))
    react = React(message.space, message.channel, platform_id(message.id), emoji, present=present)
    return Outgoing(react, preconditions=(stands,), asked=Asked.YES)
