"""From conversations to candidate answers: what solves a question, by whom, and whether it worked."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.capturing.thinking import here
from dialogue.events import MessageEdited, MessagePosted, ReactionAdded, ReactionRemoved, TimerFired
from dialogue.handling import only
from dialogue.pairing.checking import checked, unchecked
from dialogue.pairing.keeping import SURE, flag_approved, pair_again
from dialogue.pairing.stillness import TIMER, gone_still, watch
from dialogue.router import Context, Router
from dialogue.understanding.pairing import may_settle, may_solve
from dialogue.understanding.turns import turn_of
from dialogue.understanding.values import Judged


def router() -> Router:
    """Included after capturing: a message is stored before it is looked at here."""
    pairing = Router("pairing")
    pairing.on("message_posted")(only(MessagePosted, _posted))
    pairing.on("message_edited")(only(MessageEdited, _edited))
    pairing.on("reaction_added")(only(ReactionAdded, checked))
    pairing.on("reaction_removed")(only(ReactionRemoved, unchecked))
    pairing.on(f"timer:{TIMER}")(only(TimerFired, gone_still))
    return pairing


async def _posted(event: MessagePosted, context: Context) -> Sequence[Outgoing]:
    """Look at the conversation now where the message may confirm something; when it is still, where it may advise."""
    judged = _just_judged(event, context)
    if judged is None or judged.reply_to is None or not judged.by_person:
        return ()
    turn = turn_of(judged)
    if may_settle(turn) and not _said_again(judged, event, context):
        await pair_again(context, judged.conversation, SURE)
    if may_solve(turn):
        await watch(context, judged.conversation, event.place.space, event.at)
    return ()


def _just_judged(event: MessagePosted, context: Context) -> Judged | None:
    """The message as its lane remembers it, if it was kept."""
    state = context.states.known(event.place.lane)
    last = state.recent[-1] if state and state.recent else None
    return last if last is not None and last.prepared.heard.id == here(event.place, event.message) else None


def _said_again(judged: Judged, event: MessagePosted, context: Context) -> bool:
    """Whether its author said the very same there just before: whoever floods a channel confirms nothing more."""
    state = context.states.known(event.place.lane)
    before = reversed(state.recent[:-1]) if state else ()
    own = (one for one in before if one.author == judged.author and one.conversation == judged.conversation)
    last = next(own, None)
    return last is not None and last.prepared.heard.text == judged.prepared.heard.text


async def _edited(event: MessageEdited, context: Context) -> Sequence[Outgoing]:
    """What it says now may solve, confirm or deny; an approved answer that it is part of wants another look."""
    uow, community = context.uow, context.community
    message = await uow.messages.get(community, here(event.place, event.message))
    if message is None or message.deleted or message.version != event.version:
        return ()
    await flag_approved(context, message)
    await pair_again(context, message.conversation, SURE)
    return ()
