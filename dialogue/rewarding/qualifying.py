"""Who may claim a reward: whoever has the points that it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.router import Context
from knowledge_base.contributions import Contribution
from knowledge_base.ids import MemberId
from knowledge_base.levels import Level
from knowledge_base.rewards import Reward, points_needed, points_that_count
from knowledge_base.seasons import Season


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member contributed, and by what a community measures that."""

    levels: Sequence[Level]
    seasons: Sequence[Season]
    lines: Sequence[Contribution]

    def missing(self, reward: Reward) -> int | None:
        """How many points they lack, 0 for none; None where points do not help: staff give it, or its level is gone."""
        needed = points_needed(reward.condition, self.levels)
        if reward.condition.is_by_hand or needed is None:
            return None
        return max(needed - points_that_count(reward.condition, self.seasons, self.lines), 0)


async def standing_of(context: Context, member: MemberId) -> Standing:
    """How a member stands now."""
    uow, community = context.uow, context.community
    return Standing(
        await uow.levels.all(community),
        await uow.boards.seasons(community),
        await uow.contributions.of_member(community, member),
    )
