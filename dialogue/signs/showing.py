"""What a team was told of signs is shown anew where something of it has changed."""

from collections.abc import Collection, Sequence

from dialogue.actions import Asked, Edit, Outgoing, SignOf
from dialogue.router import Context
from dialogue.signs.storing import Sign
from knowledge_base.ids import ChannelId, MemberId, MessageId, SpaceId
from knowledge_base.signs import Topical


async def show_signs(context: Context, messages: Collection[MessageId]) -> Sequence[Outgoing]:
    """One edit for each sign that quotes any of these messages."""
    return edits(await context.uow.signs.showing(context.community, messages))


async def show_signs_by(context: Context, member: MemberId) -> Sequence[Outgoing]:
    """One edit for each sign that quotes this member."""
    return edits(await context.uow.signs.quoting(context.community, member))


async def show_signs_of(context: Context, space: SpaceId, channel: ChannelId) -> Sequence[Outgoing]:
    """One edit for each sign about a channel or in it, so that the fence decides again."""
    return edits(await context.uow.signs.touching(context.community, space, channel))


async def show_signs_about(context: Context, about: Topical) -> Sequence[Outgoing]:
    """One edit for each sign about the same, so that it says whether that is silenced."""
    return edits(await context.uow.signs.about(context.community, about))


def edits(signs: Sequence[Sign]) -> Sequence[Outgoing]:
    """One edit for each of these.

    Without a precondition: where a channel's readers have changed meanwhile, the edit is what takes words off it.
    """
    return [
        Outgoing(Edit(sign.team_space, sign.team_channel, sign.post, SignOf(sign.post)), asked=Asked.YES)
        for sign in signs
    ]
