"""Rewards are over after their last day: early access ends, and what was not handed over is nobody's any more.

What staff owe stays on their list: that they are late is no fault of who won it.
"""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.rewarding.ending import end_all
from dialogue.router import Context, Router
from dialogue.rows import Schedule
from dialogue.schedules import ONCE
from knowledge_base.ids import SpaceId
from knowledge_base.rewards import LIVE, Grant, GrantState, Reward, RewardKind

TIMER: Final = "reward"


def router() -> Router:
    """The handler of the timer."""
    expiring = Router("rewards that are over")
    expiring.on(f"timer:{TIMER}")(only(TimerFired, _due))
    return expiring


async def end_later(context: Context, reward: Reward, space: SpaceId) -> None:
    """See to it once its last day is over, if it has one."""
    if reward.over_at is not None:
        name = f"{TIMER}:{reward.id}"
        await context.uow.schedules.put(Schedule(context.community, space, name, ONCE, "UTC", reward.over_at))


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    uow, community = context.uow, context.community
    await uow.communities.lock(community)
    rewards = await uow.rewards.all(community)
    over = {reward.id: reward for reward in rewards if f"{TIMER}:{reward.id}" == event.schedule}
    grants = [grant for grant in await uow.grants.in_state(community, LIVE) if grant.reward in over]
    ended = await end_all(context, [one for one in grants if _ends(over[one.reward], one)], GrantState.EXPIRED)
    for reward in over.values():
        await uow.rewards.close(community, reward.id, context.now)
    return ended


def _ends(reward: Reward, grant: Grant) -> bool:
    match reward.kind:
        case RewardKind.ROLE:
            return True
        case RewardKind.CODE:
            return grant.state is GrantState.GIVEN
        case RewardKind.EVENT | RewardKind.CUSTOM:
            return False
