"""Who can read a channel has changed: what quotes it or hangs in it is shown anew, so that the fence decides again."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.bridging.showing import show_carried_in
from dialogue.digests import show_in_digests
from dialogue.events import ChannelChanged, PlaceDeleted
from dialogue.handling import only
from dialogue.router import Context, Router
from dialogue.routing import show_on_cards
from dialogue.routing.trouble import look_at_teams_in
from dialogue.signs.showing import show_signs_of
from knowledge_base.ids import ChannelId, SpaceId


async def show_anew(context: Context, space: SpaceId, channel: ChannelId) -> Sequence[Outgoing]:
    """Edits of the cards that quote what was said in the channel or hang in it, and of digests that tell of them.

    And of what was carried to it over the bridge, and of early signs.
    """
    voiced = await context.uow.insights.voiced_in(context.community, space, channel)
    hung = await context.uow.cards.hung_in(context.community, space, channel)
    edits: list[Outgoing] = []
    for insight in dict.fromkeys((*voiced, *hung)):
        edits.extend(await show_on_cards(context, insight))
    edits.extend(await show_in_digests(context, (*voiced, *hung)))
    edits.extend(await show_carried_in(context, space, channel))
    edits.extend(await show_signs_of(context, space, channel))
    return edits


def router() -> Router:
    """The handlers of what a platform says of its channels."""

    async def changed(event: ChannelChanged, context: Context) -> Sequence[Outgoing]:
        place = event.place
        edits = await show_anew(context, place.space, place.channel)
        return [*edits, *await look_at_teams_in(context, place.space, place.channel)]

    async def gone(event: PlaceDeleted, context: Context) -> Sequence[Outgoing]:
        place = event.place
        whole = place.thread is None and await context.uow.channels.get(place.space, place.channel) is None
        return await look_at_teams_in(context, place.space, place.channel) if whole else ()

    audiences = Router("audiences")
    audiences.on("channel_changed")(only(ChannelChanged, changed))
    audiences.on("place_deleted")(only(PlaceDeleted, gone))
    return audiences
