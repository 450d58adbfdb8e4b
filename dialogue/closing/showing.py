"""What was told and still stands: shown anew without what was taken back; and how many heard, in a line for a card."""

from collections.abc import Collection, Sequence

from dialogue.actions import Asked, Edit, Outgoing, TellingOf
from dialogue.ports import UnitOfWork
from dialogue.router import Context
from dialogue.rows import OutboxState
from knowledge_base.announcements import AnnouncementState
from knowledge_base.ids import MessageId
from knowledge_base.insights import Insight


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


async def heard_of(uow: UnitOfWork, insight: Insight) -> tuple[int, int] | None:
    """How many heard that an insight has the status it has, of how many who were to; None where nobody was to."""
    announced = await uow.announcements.of_insight(insight.community, insight.id)
    states = [
        state
        for one in announced
        if one.status is insight.status and one.state is AnnouncementState.SENT
        for _, state in await uow.tellings.of_announcement(insight.community, one.id)
    ]
    return (states.count(OutboxState.SENT), len(states)) if states else None
