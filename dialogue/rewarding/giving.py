"""A member gets a piece of a reward: by claiming it, or because staff give it."""

from collections.abc import Sequence

from dialogue.actions import Asked, GrantRole, GrantStands, Outgoing, Said, SendDirect
from dialogue.errors import Refused
from dialogue.posts import plain
from dialogue.router import Context
from knowledge_base.ids import AccountId
from knowledge_base.members import Account, Member
from knowledge_base.rewards import Again, Grant, GrantState, Reward, RewardKind, is_over


async def give(
    context: Context, reward: Reward, member: Member, by: Member | None = None
) -> tuple[Grant, Sequence[Outgoing]]:
    """The line of the ledger, and what hands it over. The community is locked.

    Who claims it (``by`` is None) gets it once, whatever becomes of it; staff may give it again to whom it was lost.
    Raises :class:`Refused`, having changed nothing, where there is none for them.
    """
    again = Again.ONCE if by is None else Again.IF_ENDED
    account = await _account(context, reward, member)
    if is_over(reward, context.now):
        raise Refused(context.texts.say("refused.reward_over", _named(reward)))
    wanted = Grant(context.community, reward.id, 0, member.id, GrantState.GIVEN, context.now, by=by.id if by else None)
    came_of_it, grant = await context.uow.grants.give(wanted, again)
    if grant is None:
        raise Refused(context.texts.say(f"granting.{came_of_it}", _named(reward)))
    if account is None:
        return grant, ()
    post = context.outbox_id()
    await context.uow.grants.hand_over(grant, post)
    role = GrantRole(account.space, account.id, reward.group)
    stands = GrantStands(reward.id, grant.number)
    return grant, [Outgoing(role, preconditions=(stands,), asked=Asked.YES, id=post)]


def tell(context: Context, reward: Reward, member: Member, account: Account) -> Outgoing:
    """Tell somebody to whom staff gave it; what it is they see where they ask for it."""
    said = Said(plain(context.texts.say("rewards.given_to_you", {"name": reward.name, "number": reward.number})))
    return Outgoing(SendDirect(account.space, AccountId(account.id), said, member=member.id), asked=Asked.YES)


async def _account(context: Context, reward: Reward, member: Member) -> Account | None:
    """By which account they get a role; None for what is no role.

    Raises :class:`Refused` where they have none in the space of the role.
    """
    if reward.kind is not RewardKind.ROLE:
        return None
    accounts = await context.uow.members.accounts(context.community, member.id)
    there = sorted((one for one in accounts if one.space == reward.space), key=lambda one: one.id)
    if not there:
        raise Refused(context.texts.say("refused.reward_elsewhere", _named(reward)))
    return there[0]


def _named(reward: Reward) -> dict[str, str | int]:
    return {"name": reward.name}
