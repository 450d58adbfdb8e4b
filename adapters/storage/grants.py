"""The ledger of who got what.

Whoever takes a piece holds the reward's row until the unit of work ends. So nobody else takes or gives back one of the
same reward meanwhile; what is taken is taken by statements that change nothing where nothing is left.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from adapters.storage.rewards import FREE, THIS
from adapters.storage.tables import grants, reward_codes, reward_months, rewards
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new
from dialogue.ports import Sealer
from knowledge_base.ids import CommunityId, MemberId, RewardId
from knowledge_base.ports import Grants
from knowledge_base.rewards import LIVE, Again, Grant, Granting, GrantState, RewardKind, comes_back, month_of

_HELD = select(rewards).where(*THIS).with_for_update()
_G = grants.c
_IN_COMMUNITY = _G.community_id == bindparam("community")
_OF_REWARD = (_IN_COMMUNITY, _G.reward == bindparam("of_reward"))
_LINE = (*_OF_REWARD, _G.number == bindparam("of_number"))
_LIVE = _G.state.in_(sorted(LIVE))
_GET = select(grants).where(*_LINE)
_FORMER = select(grants).where(*_OF_REWARD, _G.member == bindparam("of_member"))
_OF_MEMBER = (
    select(grants).where(_IN_COMMUNITY, _G.member == bindparam("of_member")).order_by(_G.at, _G.reward, _G.number)
)
_IN_STATE = (
    select(grants)
    .where(_IN_COMMUNITY, _G.state.in_(bindparam("states", expanding=True)))
    .order_by(_G.at, _G.reward, _G.number)
)
_ADD = insert(grants)
_HAND_OVER = update(grants).where(*_LINE).values(post=bindparam("by_post"))
_END = (
    update(grants)
    .where(*_LINE, _LIVE, _G.state != bindparam("becomes", type_=_G.state.type))
    .values(state=bindparam("becomes", type_=_G.state.type), settled_at=bindparam("now", type_=_G.settled_at.type))
)

_TAKE_PIECE = (
    update(rewards)
    .where(*THIS, rewards.c.given < rewards.c.pieces, rewards.c.closed_at.is_(None))
    .values(given=rewards.c.given + 1, last_grant=rewards.c.last_grant + 1)
)
_PUT_PIECE_BACK = update(rewards).where(*THIS, rewards.c.given > 0).values(given=rewards.c.given - 1)
_MONTH = (
    reward_months.c.community_id == bindparam("community"),
    reward_months.c.reward == bindparam("of_reward"),
    reward_months.c.month == bindparam("of_month"),
)
_THIS_MONTH = select(reward_months.c.given).where(*_MONTH)
_TAKE_OF_MONTH = update(reward_months).where(*_MONTH).values(given=reward_months.c.given + 1)
_PUT_BACK_INTO_MONTH = (
    update(reward_months).where(*_MONTH, reward_months.c.given > 0).values(given=reward_months.c.given - 1)
)
_MONTH_KEY = ("community_id", "reward", "month")

_CODES = (reward_codes.c.community_id == bindparam("community"), reward_codes.c.reward == bindparam("of_reward"))
_NEXT_CODE = select(func.min(reward_codes.c.digest)).where(*FREE, reward_codes.c.reward == bindparam("of_reward"))
_TAKE_CODE = (
    update(reward_codes)
    .where(*FREE, reward_codes.c.digest == _NEXT_CODE.scalar_subquery())
    .values(number=bindparam("of_number"))
)
_THIS_CODE = (*_CODES, reward_codes.c.number == bindparam("of_number"))
_CODE = select(reward_codes.c.sealed).where(*_THIS_CODE)
_PUT_CODE_BACK = update(reward_codes).where(*_THIS_CODE).values(number=None)
_FORGET_CODE = update(reward_codes).where(*_THIS_CODE).values(sealed=None)
_BY_POST = select(grants).where(_IN_COMMUNITY, _G.post.in_(bindparam("posts", expanding=True)))
_FULFILLED = (
    update(grants)
    .where(*_LINE, _G.state == GrantState.GIVEN)
    .values(state=GrantState.FULFILLED, settled_at=bindparam("now", type_=_G.settled_at.type))
)


class SqlGrants(Grants):
    """See :class:`knowledge_base.ports.Grants`."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def give(self, grant: Grant, again: Again) -> tuple[Granting, Grant | None]:
        """Take a piece for the member, if there is one, and they may."""
        this = {"community": grant.community, "of_reward": grant.reward}
        reward = await self._transaction.row(_HELD, this)
        if reward is None or reward.closed_at is not None:
            return Granting.CLOSED, None
        former = await self._transaction.rows(_FORMER, {**this, "of_member": grant.member})
        if former and (again is Again.ONCE or any(row.state in LIVE for row in former)):
            return Granting.HAD, None
        missing = await self._missing(reward, grant.at)
        if missing is not Granting.GIVEN:
            return missing, None
        number = reward.last_grant + 1
        if reward.kind is RewardKind.CODE and not await self._transaction.run(
            _TAKE_CODE, {**this, "of_number": number}
        ):
            return Granting.NO_CODES, None
        return await self._taken(replace(grant, number=number), len(former) + 1)

    async def get(self, community: CommunityId, reward: RewardId, number: int) -> Grant | None:
        """A line, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_reward": reward, "of_number": number})
        return None if row is None else _grant(row)

    async def of_member(self, community: CommunityId, member: MemberId) -> Sequence[Grant]:
        """What a member ever got, oldest first."""
        rows = await self._transaction.rows(_OF_MEMBER, {"community": community, "of_member": member})
        return [_grant(row) for row in rows]

    async def in_state(self, community: CommunityId, states: Collection[GrantState]) -> Sequence[Grant]:
        """The lines that are in one of these states, oldest first."""
        rows = await self._transaction.rows(_IN_STATE, {"community": community, "states": sorted(states)})
        return [_grant(row) for row in rows]

    async def hand_over(self, grant: Grant, post: str) -> None:
        """It is handed over by that outbox row."""
        await self._transaction.run(_HAND_OVER, {**_line(grant), "by_post": post})

    async def end(self, grant: Grant, state: GrantState, now: datetime) -> bool:
        """The line has this state from now on; its piece goes back if it can."""
        this = {"community": grant.community, "of_reward": grant.reward}
        reward = await self._transaction.row(_HELD, this)
        row = await self._transaction.row(_GET, _line(grant))
        ended = {**_line(grant), "becomes": state, "now": now}
        if reward is None or row is None or not await self._transaction.run(_END, ended):
            return False
        if state is GrantState.FULFILLED:
            return True
        back = comes_back(reward.kind, _grant(row))
        if back:
            await self._transaction.run(_PUT_PIECE_BACK, this)
            await self._transaction.run(_PUT_BACK_INTO_MONTH, {**this, "of_month": month_of(row.at)})
        if reward.kind is RewardKind.CODE:
            await self._transaction.run(_PUT_CODE_BACK if back else _FORGET_CODE, _line(grant))
        return True

    async def code(self, grant: Grant) -> str | None:
        """The code that goes with a line, or None."""
        row = await self._transaction.row(_CODE, _line(grant))
        try:
            return None if row is None or row.sealed is None else self._sealer.unseal(row.sealed)
        except ValueError:
            return None

    async def _missing(self, reward: StoredRow, now: datetime) -> Granting:
        if reward.given >= reward.pieces:
            return Granting.SPENT
        if reward.monthly is None:
            return Granting.GIVEN
        this = {"community": reward.community_id, "of_reward": reward.reward, "of_month": month_of(now)}
        month = await self._transaction.row(_THIS_MONTH, this)
        return Granting.MONTH_SPENT if month is not None and month.given >= reward.monthly else Granting.GIVEN

    async def _taken(self, grant: Grant, turn: int) -> tuple[Granting, Grant]:
        this = {"community": grant.community, "of_reward": grant.reward}
        await self._transaction.run(_TAKE_PIECE, this)
        month = month_of(grant.at)
        empty = {"community_id": grant.community, "reward": grant.reward, "month": month, "given": 0}
        await self._transaction.run(insert_if_new(reward_months, _MONTH_KEY, self._transaction.dialect), empty)
        await self._transaction.run(_TAKE_OF_MONTH, {**this, "of_month": month})
        row = {
            "community_id": grant.community,
            "reward": grant.reward,
            "number": grant.number,
            "member": grant.member,
            "turn": turn,
            "state": grant.state,
            "at": grant.at,
            "by": grant.by,
            "post": grant.post,
            "settled_at": grant.settled_at,
        }
        await self._transaction.run(_ADD, row)
        return Granting.GIVEN, grant


async def handed_over(transaction: Transaction, community: CommunityId, posts: Sequence[str], now: datetime) -> None:
    """These rows of the outbox were sent: what was handed over by them is fulfilled, and its code forgotten."""
    rows = await transaction.rows(_BY_POST, {"community": community, "posts": list(posts)})
    for row in rows:
        line = _line(_grant(row))
        await transaction.run(_FULFILLED, {**line, "now": now})
        await transaction.run(_FORGET_CODE, line)


def _line(grant: Grant) -> dict[str, object]:
    return {"community": grant.community, "of_reward": grant.reward, "of_number": grant.number}


def _grant(row: StoredRow) -> Grant:
    return Grant(
        community=row.community_id,
        reward=row.reward,
        number=row.number,
        member=row.member,
        state=row.state,
        at=row.at,
        by=row.by,
        post=row.post,
        settled_at=row.settled_at,
    )
