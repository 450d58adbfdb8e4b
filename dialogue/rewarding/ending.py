"""What somebody was given ends: it is taken back, refused, or over; and what ends when members become one or go."""

from collections.abc import Iterable, Sequence

from dialogue.actions import Asked, GrantRole, Outgoing
from dialogue.router import Context
from knowledge_base.ids import MemberId, RewardId
from knowledge_base.rewards import Grant, GrantState, Reward, RewardKind


async def end(context: Context, reward: Reward, grant: Grant, state: GrantState) -> Sequence[Outgoing] | None:
    """End a line of the ledger, and take a role away that came with it; None where it had ended before.

    The community is locked.
    """
    if not await context.uow.grants.end(grant, state, context.now):
        return None
    if reward.kind is not RewardKind.ROLE or reward.space is None:
        return ()
    accounts = await context.uow.members.accounts(context.community, grant.member)
    there = sorted(account.id for account in accounts if account.space == reward.space)
    return [
        Outgoing(GrantRole(reward.space, account, reward.group, granted=False), asked=Asked.YES) for account in there
    ]


async def end_all(context: Context, grants: Iterable[Grant], state: GrantState) -> Sequence[Outgoing]:
    """End several lines. The community is locked."""
    rewards: dict[RewardId, Reward] = {one.id: one for one in await context.uow.rewards.all(context.community)}
    outgoing: list[Outgoing] = []
    for grant in grants:
        outgoing.extend(await end(context, rewards[grant.reward], grant, state) or ())
    return outgoing


async def end_doubles(context: Context, member: MemberId) -> None:
    """Two accounts are one member's now: of what they got with both, what was not handed over is taken back.

    One of each stays. The community is locked.
    """
    kept: set[RewardId] = set()
    doubles: list[Grant] = []
    live = [grant for grant in await context.uow.grants.of_member(context.community, member) if grant.state.is_live]
    for grant in sorted(live, key=lambda one: one.state is not GrantState.FULFILLED):
        if grant.reward in kept and grant.state is GrantState.GIVEN:
            doubles.append(grant)
        kept.add(grant.reward)
    for grant in doubles:
        # not :func:`end`: the role that would be taken away is the one that stays
        await context.uow.grants.end(grant, GrantState.REVOKED, context.now)


async def end_forgotten(context: Context, member: MemberId) -> Sequence[Outgoing]:
    """What is kept of a member is erased: what they were not handed over yet goes back, and its code is not theirs.

    So does a role, as with the points by which it was won: it would go on saying on the platform that they contributed.
    The lines stay, as somebody's without a name: what was paid is accounted for. The community is locked.
    """
    rewards = {one.id: one for one in await context.uow.rewards.all(context.community)}
    grants = await context.uow.grants.of_member(context.community, member)
    live = [grant for grant in grants if grant.state.is_live]
    back = [one for one in live if one.state is GrantState.GIVEN or rewards[one.reward].kind is RewardKind.ROLE]
    return await end_all(context, back, GrantState.REFUSED)
