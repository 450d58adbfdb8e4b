"""A check mark on a message says that it solved something, if staff or somebody of that conversation put it there."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.events import ReactionAdded, ReactionRemoved
from dialogue.pairing.keeping import SURE, pair_again
from dialogue.people import member_behind
from dialogue.reactions import reacted_to
from dialogue.router import Context
from dialogue.understanding.pairing import MOST_TURNS
from knowledge_base.members import Role

CHECK_MARKS: Final = frozenset(
    {"white_check_mark", "heavy_check_mark", "ballot_box_with_check", "check_mark", "check_mark_button", "✅", "✔", "☑"}
)
"""The emoji that say it, by their names, or themselves where they have none."""


async def checked(event: ReactionAdded, context: Context) -> Sequence[Outgoing]:
    """Keep the mark, and what it confirms."""
    message = await reacted_to(event, context, CHECK_MARKS)
    if message is None:
        return ()
    member = await member_behind(event.actor, event.place.space, context)
    talk = await context.uow.messages.conversation(context.community, message.conversation, last=MOST_TURNS)
    if event.actor.role.may(Role.STAFF) or any(said.author == member.id for said in talk):
        await context.uow.answers.check(context.community, message.id, event.actor.account, event.at)
        await pair_again(context, message.conversation, SURE)
    return ()


async def unchecked(event: ReactionRemoved, context: Context) -> Sequence[Outgoing]:
    """The mark is gone, and with it what it alone confirmed."""
    message = await reacted_to(event, context, CHECK_MARKS)
    if message is not None:
        await context.uow.answers.uncheck(context.community, message.id, event.actor.account)
        await pair_again(context, message.conversation, SURE)
    return ()
