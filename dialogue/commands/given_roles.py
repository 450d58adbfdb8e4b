"""Roles of the platform that are given: each goes with one thing alone, and none makes anybody staff."""

from collections.abc import Sequence

from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused
from dialogue.taken_roles import Taken, goes_with
from knowledge_base.members import Role


async def role_to_give(asked: Invocation, taken: Sequence[Taken]) -> str:
    """The id of the role that was named, on the platform where it was.

    Raises :class:`Refused` where the platform has none to give; where people are staff by it, so that nobody comes to
    that by points or by who may add a reward; and where it goes with something else, of which it would be lost, too.
    """
    uow, community, space = asked.context.uow, asked.context.community, asked.event.place.space
    here = asked.context.identity(space)
    if here is None or not here.gives_roles:
        raise Refused(asked.say("refused.no_roles"))
    role = asked.group("role")
    if any(one.id == role and one.role.may(Role.STAFF) for one in await uow.members.groups(community, space)):
        raise Refused(asked.say("refused.role_of_staff"))
    name = goes_with(taken, space, role)
    if name is not None:
        raise Refused(asked.say("refused.reward_role_taken", {"name": name}))
    return role
