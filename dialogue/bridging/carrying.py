"""What those who were asked answer goes to the team, below its card; edits and what is taken back follow it there."""

from collections.abc import Sequence

from dialogue.actions import CarriedOf, Outgoing
from dialogue.bridging.placing import of_one
from dialogue.bridging.showing import show_carried
from dialogue.bridging.storing import Addressee, Carried
from dialogue.bridging.teams import team_side
from dialogue.capturing.thinking import here
from dialogue.events import MessageEdited, MessagePosted
from dialogue.handling import only
from dialogue.router import Context, Router
from knowledge_base.ids import MemberId
from knowledge_base.messages import Message


def router() -> Router:
    """The handlers of what is said and edited, which come after it was kept; deletions are shown by who erases."""
    carrying = Router("carrying")
    carrying.on("message_posted")(only(MessagePosted, _posted))
    carrying.on("message_edited")(only(MessageEdited, _edited))
    return carrying


async def _posted(event: MessagePosted, context: Context) -> Sequence[Outgoing]:
    """Only what customers say now, and only what was kept: so nothing of the bot's own, of staff, or of who stopped."""
    answers = event.place.thread is not None or event.reply_to is not None or event.place.direct
    if not (event.live and answers and event.actor.role.is_customer):
        return ()
    message = await context.uow.messages.get(context.community, here(event.place, event.message))
    if message is None or message.deleted:
        return ()
    addressee = await _answered(event, message.author, context)
    if addressee is None:
        return ()
    await context.uow.communities.lock(context.community)
    if await context.uow.bridges.of_messages(context.community, [message.id]):
        return ()
    return await _carry(context, addressee, message)


async def _edited(event: MessageEdited, context: Context) -> Sequence[Outgoing]:
    return await show_carried(context, [here(event.place, event.message)])


async def _answered(event: MessagePosted, author: MemberId, context: Context) -> Addressee | None:
    """As whom somebody answers a question that is open, the latest where there are several.

    That is who was asked in this thread or directly, or whoever replies to what a team said over the bridge.
    """
    place = event.place
    thread = here(place, place.thread) if place.thread else None
    near = []
    for one in await context.uow.bridges.waiting(context.community):
        if one.space != place.space or one.channel != (None if place.direct else place.channel):
            continue
        if one.member == author and (place.direct or one.thread == thread):
            return one
        near.append(one)
    if event.reply_to is None or place.direct:
        return None
    for one in near:
        posts = [
            carried.post
            for carried in await context.uow.bridges.carried(context.community, one.question)
            if carried.asked == one.post and carried.source is None
        ]
        for post in (one.post, *posts):
            stands = await context.uow.outbox.where(context.community, post)
            if stands is not None and stands.message == event.reply_to:
                return one
    return None


async def _carry(context: Context, addressee: Addressee, message: Message) -> Sequence[Outgoing]:
    """It goes below the card of what it is about now, wherever that was merged or split to since."""
    question = await context.uow.bridges.question(context.community, addressee.question)
    if question is None:
        return ()
    about = await context.uow.insights.of_message(context.community, addressee.message)
    side, told = await team_side(context, question, about.id if about else question.insight)
    if side is None:
        return told
    carried = Carried(
        question=question.id,
        number=len(await context.uow.bridges.carried(context.community, question.id)) + 1,
        asked=addressee.post,
        post=context.outbox_id(),
        space=side.space,
        channel=side.channel,
        at=context.now,
        source=message.id,
    )
    await context.uow.bridges.carry(context.community, carried)
    return [side.post(CarriedOf(question.id, carried.number), *of_one(message), named=carried.post)]
