"""Who can read a channel has changed: what quotes it or hangs in it is shown anew, so that the fence decides again."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.digests import show_in_digests
from dialogue.events import ChannelChanged
from dialogue.handling import only
from dialogue.router import Context, Router
from dialogue.routing import show_on_cards
from knowledge_base.ids import ChannelId, SpaceId


async def show_anew(context: Context, space: SpaceId, channel: ChannelId) -> Sequence[Outgoing]:
    """Edits of the cards that quote what was said in the channel or hang in it, and of digests that tell of them."""
    voiced = await context.uow.insights.voiced_in(context.community, space, channel)
    hung = await context.uow.cards.hung_in(context.community, space, channel)
    edits: list[Outgoing] = []
    for insight in dict.fromkeys((*voiced, *hung)):
        edits.extend(await show_on_cards(context, insight))
    edits.extend(await show_in_digests(context, (*voiced, *hung)))
    return edits


def router() -> Router:
    """The handler of what a platform says of its channels."""

    async def changed(event: ChannelChanged, context: Context) -> Sequence[Outgoing]:
        return await show_anew(context, event.place.space, event.place.channel)

    audiences = Router("audiences")
    audiences.on("channel_changed")(only(ChannelChanged, changed))
    return audiences
