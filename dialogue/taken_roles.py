"""Roles of the platform that go with something here: with a level, a reward, or the learning partners' channel."""

from collections.abc import Sequence

from dialogue.partnering.inviting import channel_name
from dialogue.router import Context
from knowledge_base.ids import SpaceId

Taken = tuple[SpaceId | None, str, str]
"""Where a role is, its id, and what it goes with."""


async def of_levels(context: Context) -> Sequence[Taken]:
    """The roles that go with levels."""
    levels = await context.uow.levels.all(context.community)
    return [(level.space, level.group, level.name) for level in levels]


async def of_rewards(context: Context) -> Sequence[Taken]:
    """The roles that are rewards."""
    rewards = await context.uow.rewards.all(context.community)
    return [(reward.space, reward.group, reward.name) for reward in rewards]


async def of_partners(context: Context) -> Sequence[Taken]:
    """The role that opens the learning partners' channel."""
    group = await context.uow.partners.group(context.community)
    return [(group.space, group.role, await channel_name(context, group))] if group else []


def goes_with(taken: Sequence[Taken], space: SpaceId, role: str) -> str | None:
    """What a role goes with, or None."""
    return next((name for of, group, name in taken if (of, group) == (space, role)), None)
