"""Who puts folded hands on what somebody said thanks them for it; who takes them off does not any more."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.events import ReactionAdded, ReactionRemoved
from dialogue.handling import only
from dialogue.people import member_behind
from dialogue.reactions import reacted_to
from dialogue.recognising.settling import take_thanks_back, thank
from dialogue.router import Context, Router

THANKS: Final = frozenset({"pray", "folded_hands", "🙏"})
"""The emoji that say it, by their names, or themselves where they have none."""


def router() -> Router:
    """The handlers of reactions that thank."""
    recognising = Router("recognising")
    recognising.on("reaction_added")(only(ReactionAdded, _thanked))
    recognising.on("reaction_removed")(only(ReactionRemoved, _taken_back))
    return recognising


async def _thanked(event: ReactionAdded, context: Context) -> Sequence[Outgoing]:
    message = await reacted_to(event, context, THANKS)
    if message is not None and event.actor.role.is_person:
        member = await member_behind(event.actor, event.place.space, context)
        await context.uow.communities.lock(context.community)
        await thank(context, message, member.id, event.at)
    return ()


async def _taken_back(event: ReactionRemoved, context: Context) -> Sequence[Outgoing]:
    message = await reacted_to(event, context, THANKS)
    if message is not None:
        member = await member_behind(event.actor, event.place.space, context)
        await context.uow.communities.lock(context.community)
        await take_thanks_back(context, message, member.id)
    return ()
