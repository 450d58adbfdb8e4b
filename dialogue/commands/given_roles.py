"""Roles of the platform that are given: each goes with one thing alone, and none makes anybody staff."""

from collections.abc import Sequence

from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused
from dialogue.partnering.inviting import channel_name
from knowledge_base.ids import SpaceId
from knowledge_base.members import Role

Taken = tuple[SpaceId | None, str, str]
"""Where a role is, its id, and what it goes with."""


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
    name = next((name for of, group, name in taken if (of, group) == (space, role)), None)
    if name is not None:
        raise Refused(asked.say("refused.reward_role_taken", {"name": name}))
    return role


async def of_levels(asked: Invocation) -> Sequence[Taken]:
    """The roles that go with levels."""
    levels = await asked.context.uow.levels.all(asked.context.community)
    return [(level.space, level.group, level.name) for level in levels]


async def of_rewards(asked: Invocation) -> Sequence[Taken]:
    """The roles that are rewards."""
    rewards = await asked.context.uow.rewards.all(asked.context.community)
    return [(reward.space, reward.group, reward.name) for reward in rewards]


async def of_partners(asked: Invocation) -> Sequence[Taken]:
    """The role that opens the learning partners' channel."""
    group = await asked.context.uow.partners.group(asked.context.community)
    return [(group.space, group.role, await channel_name(asked.context, group))] if group else []
