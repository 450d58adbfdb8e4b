"""Whose words may leave for a model, and from where. Asked when a doubt is noted, before words leave, and once more
before an answer counts.
"""

from dialogue.advice.values import Policy
from dialogue.people import may_keep
from dialogue.ports import UnitOfWork
from knowledge_base.channels import Channel, Shared
from knowledge_base.messages import Message


async def may_leave(uow: UnitOfWork, message: Message, policy: Policy) -> bool:
    """Whether a message may be sent to a model now: it stands, its channel allows it, and so does its author."""
    channel = await uow.channels.get(message.space, message.channel)
    if message.deleted or not message.text or channel is None or not _is_open(channel, policy):
        return False
    member = await uow.members.get(message.community, message.author)
    return member is not None and await may_keep(uow, message.community, member)


def _is_open(channel: Channel, policy: Policy) -> bool:
    """Fails closed: what people from outside read, or may, is not ours to pass on."""
    return channel.audience in policy.audiences and channel.shared is Shared.NO and channel.mode.keeps_messages
