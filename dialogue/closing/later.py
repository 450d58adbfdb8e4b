"""Who says later what others said of an insight that is closed gets the answer at once."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.closing.audience import Audience, audience_of
from dialogue.closing.telling import News, tell
from dialogue.router import Context
from knowledge_base.announcements import AnnouncementState
from knowledge_base.insights import Insight, Status
from knowledge_base.messages import Message


async def tell_later(context: Context, insight: Insight, message: Message) -> Sequence[Outgoing]:
    """Tell whoever said this what its other voices heard, if they did, in the thread of what they said.

    Only where the bot may speak. The community is locked.
    """
    if insight.status not in (Status.SHIPPED, Status.DECLINED) or not message.role.is_customer:
        return ()
    if insight.status not in await context.uow.communities.told(context.community):
        return ()
    before = await context.uow.announcements.of_insight(context.community, insight.id)
    sent = [one for one in before if one.state is AnnouncementState.SENT and one.status is insight.status]
    if not sent:
        return ()
    untold = await audience_of(context.uow, insight)
    theirs = {
        thread: mine
        for thread, voices in untold.threads.items()
        if (mine := [voice for voice in voices if voice.message == message.id])
    }
    return await tell(context, News(sent[-1], insight), Audience(theirs)) if theirs else ()
