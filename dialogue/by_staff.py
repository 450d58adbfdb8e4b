"""What staff press or send: done while the community is locked; what may not be is answered with the reason."""

from collections.abc import Awaitable, Callable, Sequence

from dialogue.actions import Outgoing
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted
from dialogue.people import member_behind
from dialogue.permitting import refuse_unless_permitted
from dialogue.posts import plain
from dialogue.replies import reply
from dialogue.router import Context
from knowledge_base.members import Member, Role


async def by_staff(
    event: ButtonPressed | FormSubmitted,
    context: Context,
    act: Callable[[Member], Awaitable[Sequence[Outgoing]]],
    who: Role = Role.STAFF,
) -> Sequence[Outgoing]:
    """What ``act`` returns for whoever pressed or sent it; a private answer where they may not, or it refuses.

    ``who`` may usually do it. ``act`` may raise :class:`Refused` as long as it has written nothing.
    """
    member = await member_behind(event.actor, event.place.space, context)
    try:
        await refuse_unless_permitted(event, who, context)
        await context.uow.communities.lock(context.community)
        return await act(member)
    except Refused as refusal:
        return [reply(event, member, plain(str(refusal)))]
