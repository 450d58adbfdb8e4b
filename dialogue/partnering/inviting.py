"""Staff invite somebody, who is asked alone; a press of theirs is the answer, and without one nothing happens."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing, Said, SendDirect, StillConsents
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import custom_id
from dialogue.errors import Refused
from dialogue.events import ButtonPressed
from dialogue.handling import only
from dialogue.partnering.belonging import settle
from dialogue.people import may_keep, member_behind
from dialogue.posts import Button, Buttons, Emphasis, Paragraph, Post, plain
from dialogue.replies import reply
from dialogue.router import Context, Router
from knowledge_base.ids import MemberId
from knowledge_base.members import Account, Member, Role
from knowledge_base.partners import Partner, PartnerGroup, PartnerState

YES: Final = "partner_yes"
NO: Final = "partner_no"

BUTTONS: Final = (ButtonAction(YES, Role.CUSTOMER), ButtonAction(NO, Role.CUSTOMER))


def router() -> Router:
    """The handlers of the invitation's two answers."""

    async def yes(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        return await _answered(event, context, PartnerState.PARTNER)

    async def no(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        return await _answered(event, context, PartnerState.DECLINED)

    inviting = Router("inviting")
    inviting.on(f"button:{YES}")(only(ButtonPressed, yes))
    inviting.on(f"button:{NO}")(only(ButtonPressed, no))
    return inviting


async def invite(context: Context, member: Member, account: Account, by: Member) -> Outgoing:
    """The question, to them alone. The community is locked.

    Raises :class:`Refused` for whoever is staff, wants nothing kept, or was invited before: nobody is asked twice.
    """
    uow, say = context.uow, context.texts.say
    group = await uow.partners.group(context.community)
    if group is None:
        raise Refused(say("refused.no_partner_channel"))
    if not member.role.is_customer:
        raise Refused(say("refused.partner_staff"))
    if not await may_keep(uow, context.community, member):
        raise Refused(say("refused.partner_unkept"))
    known = await uow.partners.get(context.community, member.id)
    if known is not None:
        raise Refused(say(f"refused.partner_{known.state}"))
    await uow.partners.put(Partner(context.community, member.id, PartnerState.INVITED, by.id, context.now))
    question = await _question(context, group)
    send = SendDirect(account.space, account.id, Said(question), member=member.id, role=member.role)
    return Outgoing(send, (StillConsents(member.id),))


async def _question(context: Context, group: PartnerGroup) -> Post:
    say = context.texts.say
    yes, no = custom_id(YES, "", ""), custom_id(NO, "", "")
    return Post(
        (
            Paragraph(say("partner.question", {"channel": await channel_name(context, group)})),
            Paragraph(say("partner.terms")),
            Buttons((Button(say("partner.yes"), yes, Emphasis.PRIMARY), Button(say("partner.no"), no))),
        )
    )


async def channel_name(context: Context, group: PartnerGroup) -> str:
    """What the channel is called, as people write it."""
    channel = await context.uow.channels.get(group.space, group.channel)
    return f"#{channel.name if channel else group.channel}"


async def _answered(event: ButtonPressed, context: Context, state: PartnerState) -> Sequence[Outgoing]:
    """As often as they change their mind, as long as staff have not taken the invitation back."""
    member = await member_behind(event.actor, event.place.space, context)
    await context.uow.communities.lock(context.community)
    partner = await context.uow.partners.get(context.community, member.id)
    group = await context.uow.partners.group(context.community)
    if partner is None or group is None:
        return [reply(event, member, plain(context.texts.say("partner.over")))]
    grants = await settle(context, partner, state)
    if state is PartnerState.DECLINED:
        return [*grants, reply(event, member, plain(context.texts.say("partner.declined")))]
    said = context.texts.say("partner.joined", {"channel": await channel_name(context, group)})
    new = partner.state is not PartnerState.PARTNER
    told = await _tell_inviter(event, context, partner.by, group) if new and not grants else ()
    return [*grants, *told, reply(event, member, plain(said))]


async def _tell_inviter(
    event: ButtonPressed, context: Context, by: MemberId, group: PartnerGroup
) -> Sequence[Outgoing]:
    """That somebody has to be let in, without a name, which would stand in what waits to be sent: the list has it."""
    accounts = await context.uow.members.speaking_as(context.community, event.place.space, [by])
    if by not in accounts:
        return ()
    said = context.texts.say("partner.let_in", {"channel": await channel_name(context, group)})
    return [Outgoing(SendDirect(event.place.space, accounts[by], Said(plain(said)), member=by, role=Role.STAFF))]
