"""Who belongs to the group, and so has the role that opens its channel."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from dialogue.actions import GrantRole, Outgoing
from dialogue.router import Context
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.ids import MemberId
from knowledge_base.partners import Partner, PartnerGroup, PartnerState


def may_be_theirs(channel: Channel) -> bool:
    """Whether customers can read a channel together, and nobody from outside does."""
    apart = channel.direct or channel.mode is Mode.EXCLUDED or channel.audience is Audience.INTERNAL
    return not apart and channel.shared is Shared.NO


async def settle(context: Context, partner: Partner, state: PartnerState) -> Sequence[Outgoing]:
    """They are so from now on, with the role that goes with it."""
    await context.uow.partners.put(replace(partner, state=state, at=context.now))
    if (partner.state is PartnerState.PARTNER) is (state is PartnerState.PARTNER):
        return ()
    group = await context.uow.partners.group(context.community)
    return await _role(context, partner.member, group, granted=state is PartnerState.PARTNER)


async def part(context: Context, member: MemberId) -> Sequence[Outgoing]:
    """Nothing is known any more of their having been invited, and they lose the role."""
    partner = await context.uow.partners.get(context.community, member)
    if partner is None:
        return ()
    await context.uow.partners.remove(context.community, member)
    if partner.state is not PartnerState.PARTNER:
        return ()
    return await _role(context, member, await context.uow.partners.group(context.community), granted=False)


async def forget(context: Context, member: MemberId) -> Sequence[Outgoing]:
    """What is kept of them is erased, but for a no: they are not asked again. The community is locked."""
    partner = await context.uow.partners.get(context.community, member)
    declined = partner is not None and partner.state is PartnerState.DECLINED
    return () if declined else await part(context, member)


async def settle_joined(context: Context, member: MemberId, before: Collection[Partner | None]) -> Sequence[Outgoing]:
    """Two accounts are one member's now, who were so ``before``: the role goes by what they are together.

    The community is locked.
    """
    if all(one is None or one.state is not PartnerState.PARTNER for one in before):
        return ()
    now = await context.uow.partners.get(context.community, member)
    granted = now is not None and now.state is PartnerState.PARTNER
    return await _role(context, member, await context.uow.partners.group(context.community), granted=granted)


async def move(context: Context, before: PartnerGroup | None, after: PartnerGroup | None) -> Sequence[Outgoing]:
    """The group reads elsewhere now, or nowhere: its people have the role that goes with that, and no other of ours."""
    if (before and (before.space, before.role)) == (after and (after.space, after.role)):
        return ()
    grants: list[Outgoing] = []
    for partner in await context.uow.partners.all(context.community):
        if partner.state is PartnerState.PARTNER:
            grants += await _role(context, partner.member, before, granted=False)
            grants += await _role(context, partner.member, after, granted=True)
    return grants


async def _role(context: Context, member: MemberId, group: PartnerGroup | None, *, granted: bool) -> list[Outgoing]:
    if group is None or not group.role:
        return []
    accounts = await context.uow.members.accounts(context.community, member)
    return [
        Outgoing(GrantRole(one.space, one.id, group.role, granted=granted))
        for one in accounts
        if one.space == group.space
    ]
