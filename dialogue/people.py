"""Who somebody is: the member behind an account."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dialogue.actions import Outgoing
from dialogue.errors import Refused
from dialogue.events import Actor, MemberChanged
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, InsightId, MemberId, SpaceId
from knowledge_base.members import Group, Member, Recording, Role
from knowledge_base.tiers import Tier, tier_of

_REFUSALS: Final = {Role.ADMIN: "refused.admin_only", Role.TRUSTED: "refused.trusted_only"}


async def member_behind(actor: Actor, space: SpaceId, context: Context) -> Member:
    """The member, with name and role as the platform tells them now; somebody new gets a row."""
    return await context.uow.members.see(
        context.community, space, actor.account, actor.name, actor.role, MemberId(context.ids.fresh()), actor.tier
    )


def router() -> Router:
    """The handler of what a platform says of its people."""

    async def changed(event: MemberChanged, context: Context) -> Sequence[Outgoing]:
        member = await context.uow.members.behind(context.community, event.space, event.actor.account)
        # who took back what was kept of them has no name here until they say something again
        if member is not None and member.name and await may_keep(context.uow, context.community, member):
            await member_behind(event.actor, event.space, context)
        return ()

    people = Router("people")
    people.on("member_changed")(only(MemberChanged, changed))
    return people


async def may_keep(uow: UnitOfWork, community: CommunityId, member: Member | None) -> bool:
    """Whether what they say may be stored; None: somebody new, who chose nothing."""
    recording = Recording.UNSAID if member is None else member.consent.recording
    if recording is Recording.UNSAID:
        return recording.keeps_under(await uow.communities.policy(community))
    return recording is Recording.ALLOWED


async def may_keep_of(actor: Actor, space: SpaceId, context: Context) -> bool:
    """As :func:`may_keep`, by account, before anything of somebody new is stored."""
    member = await context.uow.members.behind(context.community, space, actor.account)
    return await may_keep(context.uow, context.community, member)


def refuse_unless(role: Role, needed: Role, texts: Texts) -> None:
    """Raises :class:`Refused` unless the role includes the needed one."""
    if not role.may(needed):
        raise Refused(texts.say(_REFUSALS.get(needed, "refused.staff_only")))


def as_chosen(actor: Actor, chosen: Sequence[Group], tiers: Sequence[Tier]) -> Actor:
    """The actor with the role that the platform gives, or a higher one that admins chose for one of their groups.

    And of the tier that admins chose for one of them, which is not known of whom the platform tells no groups.
    """
    role = actor.role
    for group in chosen:
        if group.id in actor.groups and group.role.may(role):
            role = group.role
    tier = tier_of(actor.groups, tiers) if actor.groups else actor.tier
    return replace(actor, role=role, groups=(), tier=tier)


async def voiced_by(member: MemberId, context: Context) -> Sequence[InsightId]:
    """The insights that a member voices, each once, that of their latest words last."""
    found = await context.uow.insights.voiced_by(context.community, member)
    return [insight.id for insight in reversed(found)]
