"""One press under a reminder, and there are no more of any kind."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.commands.declarations import ButtonAction
from dialogue.events import ButtonPressed
from dialogue.people import member_behind
from dialogue.posts import plain
from dialogue.replies import reply
from dialogue.router import Context
from knowledge_base.members import Role

STOP: Final = "reminders_stop"
BUTTON: Final = ButtonAction(STOP, Role.CUSTOMER)


async def stop(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    """Whoever presses it gets none any more."""
    member = await member_behind(event.actor, event.place.space, context)
    await context.uow.reminders.stop(context.community, member.id, context.now)
    return [reply(event, member, plain(context.texts.say("reminders.stopped")))]
