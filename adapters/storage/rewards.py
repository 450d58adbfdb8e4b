"""What a community gives, its budgets and its codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from adapters.storage.tables import reward_codes, reward_months, rewards
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new
from dialogue.ports import Sealer
from knowledge_base.ids import CommunityId, RewardId
from knowledge_base.ports import Rewards
from knowledge_base.rewards import Budget, Condition, Reward, RewardKind, Stock, month_of

THIS: Final = (rewards.c.community_id == bindparam("community"), rewards.c.reward == bindparam("of_reward"))
_GET = select(rewards).where(*THIS)
_ALL = select(rewards).where(rewards.c.community_id == bindparam("community")).order_by(rewards.c.number)
_ADD = insert(rewards)
_BUDGET = (
    update(rewards)
    .where(*THIS, rewards.c.given <= bindparam("most"))
    .values(pieces=bindparam("most"), monthly=bindparam("in_month"))
)
_CLOSE = update(rewards).where(*THIS, rewards.c.closed_at.is_(None)).values(closed_at=bindparam("now"))
FREE: Final = (
    reward_codes.c.community_id == bindparam("community"),
    reward_codes.c.number.is_(None),
    reward_codes.c.sealed.is_not(None),
)
_FORGET_FREE = delete(reward_codes).where(*FREE, reward_codes.c.reward == bindparam("of_reward"))
_FREE = select(reward_codes.c.reward, func.count().label("codes")).where(*FREE).group_by(reward_codes.c.reward)
_OPEN = (
    select(rewards, reward_months.c.given.label("this_month"))
    .outerjoin(
        reward_months,
        and_(
            reward_months.c.community_id == rewards.c.community_id,
            reward_months.c.reward == rewards.c.reward,
            reward_months.c.month == bindparam("of_month"),
        ),
    )
    .where(rewards.c.community_id == bindparam("community"), rewards.c.closed_at.is_(None))
)
_CODE_KEY = ("community_id", "digest")


class SqlRewards(Rewards):
    """See :class:`knowledge_base.ports.Rewards`."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def add(self, reward: Reward) -> None:
        """Add one."""
        await self._transaction.run(
            _ADD,
            {
                "community_id": reward.community,
                "reward": reward.id,
                "number": reward.number,
                "name": reward.name,
                "kind": reward.kind,
                "pieces": reward.budget.pieces,
                "monthly": reward.budget.monthly,
                "level": reward.condition.level,
                "points": reward.condition.points,
                "season": reward.condition.season,
                "about": reward.about,
                "worth": reward.worth,
                "space": reward.space,
                "group_id": reward.group,
                "until": reward.until,
                "given": reward.given,
                "last_grant": 0,
                "closed_at": reward.closed_at,
            },
        )

    async def all(self, community: CommunityId) -> Sequence[Reward]:
        """Every one ever, by number."""
        return [_reward(row) for row in await self._transaction.rows(_ALL, {"community": community})]

    async def get(self, community: CommunityId, reward: RewardId) -> Reward | None:
        """One, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_reward": reward})
        return None if row is None else _reward(row)

    async def budget(self, community: CommunityId, reward: RewardId, budget: Budget) -> bool:
        """It is that from now on, unless more than that is given already."""
        this = {"community": community, "of_reward": reward}
        return await self._transaction.run(_BUDGET, {**this, "most": budget.pieces, "in_month": budget.monthly}) > 0

    async def close(self, community: CommunityId, reward: RewardId, now: datetime) -> None:
        """It is given no more."""
        this = {"community": community, "of_reward": reward}
        await self._transaction.run(_CLOSE, {**this, "now": now})
        await self._transaction.run(_FORGET_FREE, this)

    async def stock(self, community: CommunityId, now: datetime) -> Mapping[RewardId, Stock]:
        """What is left of each reward that is still given."""
        rows = await self._transaction.rows(_OPEN, {"community": community, "of_month": month_of(now)})
        free = await self._transaction.rows(_FREE, {"community": community})
        codes = {row.reward: row.codes for row in free}
        return {RewardId(row.reward): _stock(row, codes) for row in rows}

    async def add_codes(self, community: CommunityId, reward: RewardId, codes: Sequence[str]) -> int:
        """Seal these and keep them; how many were new."""
        statement, new = insert_if_new(reward_codes, _CODE_KEY, self._transaction.dialect), 0
        for code in codes:
            row = {
                "community_id": community,
                "digest": self._sealer.digest(code),
                "reward": reward,
                "sealed": self._sealer.seal(code),
                "number": None,
            }
            new += await self._transaction.run(statement, row)
        return new


def _stock(row: StoredRow, codes: Mapping[str, int]) -> Stock:
    monthly = None if row.monthly is None else max(row.monthly - (row.this_month or 0), 0)
    return Stock(row.pieces - row.given, monthly, codes.get(row.reward, 0) if row.kind is RewardKind.CODE else None)


def _reward(row: StoredRow) -> Reward:
    return Reward(
        id=row.reward,
        community=row.community_id,
        number=row.number,
        name=row.name,
        kind=row.kind,
        budget=Budget(row.pieces, row.monthly),
        condition=Condition(row.level, row.points, row.season),
        about=row.about,
        worth=row.worth,
        space=row.space,
        group=row.group_id,
        until=row.until,
        given=row.given,
        closed_at=row.closed_at,
    )
