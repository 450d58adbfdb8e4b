"""A lane's memory, made again from stored messages exactly as it was while they were judged."""

from collections.abc import Collection, Mapping

from dialogue.capturing.thinking import Understanding
from dialogue.events import Lane
from dialogue.reasons import is_certain
from dialogue.router import Context, Thought
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import WINDOW, Anchor, Heard, Judged
from knowledge_base.ids import ChannelId, MemberId, MessageId, SpaceId
from knowledge_base.messages import Message


async def as_it_stands(context: Context, message: Message) -> Message | None:
    """Lock the community; the message as it is stored then, or None where it was deleted before that.

    What was read before the lock may have been taken back meanwhile, and must not be written again.
    """
    await context.uow.communities.lock(context.community)
    stored = await context.uow.messages.get(context.community, message.id)
    return None if stored is None or stored.deleted else stored


def lane_of_message(message: Message) -> Lane:
    """The lane a stored message is ordered in."""
    return Lane(f"{message.space}/{message.channel}")


async def remembered(
    context: Context, space: SpaceId, channel: ChannelId, understanding: Understanding
) -> ChannelState:
    """The state of a lane, from memory or from storage."""

    async def load() -> ChannelState:
        rows = await context.uow.messages.recent(context.community, space, channel, WINDOW)
        accounts = await accounts_in(context, {row.author for row in rows}, space)
        return ChannelState.of(as_judged(row, accounts[row.author], understanding) for row in rows)

    return await context.states.get(Lane(f"{space}/{channel}"), load)


async def judged_again(context: Context, message: Message, understanding: Understanding) -> Judged:
    """One stored message as the lane remembered it."""
    accounts = await accounts_in(context, [message.author], message.space)
    return as_judged(message, accounts[message.author], understanding)


async def thought_again(context: Context, message: Message, understanding: Understanding) -> Thought:
    """What one stored message says by itself: the same as when it was posted."""
    judged = await judged_again(context, message, understanding)
    return understanding.thought(understanding.look_again(judged.prepared))


def as_judged(message: Message, account: str, understanding: Understanding) -> Judged:
    """A stored message, its words read again: what was decided by them and by what they mean is stored."""
    heard = Heard(
        id=message.id,
        author=account,
        author_name=message.author_name,
        role=message.role,
        at=message.at,
        text=message.text,
        reply_to=message.reply_to if is_certain(message.reasons) else None,
        thread=message.thread,
    )
    prepared = understanding.read(heard)
    return Judged(prepared, message.conversation, message.reply_to, message.kind, message.confidence)


async def anchor(context: Context, state: ChannelState, candidates: tuple[MessageId, ...]) -> Anchor | None:
    """The first of these messages that was kept, deleted ones included: their place in a conversation stays."""
    lately = {judged.prepared.heard.id: judged.conversation for judged in state.recent} if candidates else {}
    for candidate in candidates:
        if candidate in lately:
            return Anchor(candidate, lately[candidate])
        message = await context.uow.messages.get(context.community, candidate)
        if message is not None:
            return Anchor(message.id, message.conversation)
    return None


async def accounts_in(context: Context, members: Collection[MemberId], space: SpaceId) -> Mapping[MemberId, str]:
    """The accounts by which members speak in a space: what the platform called the authors."""
    known = await context.uow.members.speaking_as(context.community, space, members)
    return {member: str(known.get(member, member)) for member in members}
