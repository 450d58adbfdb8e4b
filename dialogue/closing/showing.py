"""What was told and still stands: shown anew without what was taken back; and how many heard, in a line for a card."""

from collections.abc import Collection, Sequence

from dialogue.actions import Asked, Edit, Outgoing, TellingOf
from dialogue.router import Context
from knowledge_base.ids import MessageId


async def show_in_tellings(context: Context, messages: Collection[MessageId]) -> Sequence[Outgoing]:
    """An edit for every post in a channel that tells somebody of what they said in one of these messages.

    A direct message stays as it is: it shows its reader nothing but their own words.
    """
    told = await context.uow.tellings.showing(context.community, messages)
    posts = {telling.post: telling for telling in told}
    return [
        Outgoing(
            Edit(one.space, one.channel, one.post, TellingOf(one.announcement, one.post)),
            asked=Asked.YES,
        )
        for one in posts.values()
        if one.channel is not None
    ]
