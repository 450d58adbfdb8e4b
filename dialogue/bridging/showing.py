"""What was carried to a team and still stands is shown anew: in other words, or taken back."""

from collections.abc import Collection, Sequence

from dialogue.actions import Asked, CarriedOf, Edit, Outgoing
from dialogue.bridging.storing import Carried
from dialogue.router import Context
from knowledge_base.ids import ChannelId, MessageId, SpaceId


async def show_carried(context: Context, messages: Collection[MessageId]) -> Sequence[Outgoing]:
    """One edit for each of these messages that was carried to a team."""
    return _edits(await context.uow.bridges.of_messages(context.community, messages))


async def show_carried_in(context: Context, space: SpaceId, channel: ChannelId) -> Sequence[Outgoing]:
    """One edit for everything that was carried to this channel, so that the fence decides again."""
    return _edits(await context.uow.bridges.hung_in(context.community, space, channel))


def _edits(carried: Sequence[Carried]) -> Sequence[Outgoing]:
    return [
        Outgoing(Edit(one.space, one.channel, one.post, CarriedOf(one.question, one.number)), asked=Asked.YES)
        for one in carried
        if one.channel is not None
    ]
