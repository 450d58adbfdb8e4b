"""``/partner``: learning partners, whom staff invite to a standing group with a channel and a summary of its own."""

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.given_roles import role_to_give
from dialogue.commands.invocation import Answer, CommandHandler, Invocation, Noun
from dialogue.errors import Refused
from dialogue.partnering.belonging import may_be_theirs, move, part, settle
from dialogue.partnering.inviting import channel_name, invite
from dialogue.partnering.summarising import end_summary, settle_summary
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.taken_roles import of_levels, of_rewards
from knowledge_base.members import Role
from knowledge_base.partners import Partner, PartnerGroup, PartnerState

_PERSON = Option("person", OptionType.MEMBER, "help.option.partner")

COMMAND = Command(
    "partner",
    "help.partner.noun",
    (
        Verb("list", "help.partner.list", Role.STAFF),
        Verb("invite", "help.partner.invite", Role.STAFF, (_PERSON,)),
        Verb("remove", "help.partner.remove", Role.STAFF, (_PERSON,)),
        Verb(
            "channel",
            "help.partner.channel",
            Role.ADMIN,
            (
                Option("channel", OptionType.CHANNEL, "help.option.partner_channel", required=False),
                Option("role", OptionType.TEXT, "help.option.partner_role", required=False),
            ),
        ),
        Verb("close", "help.partner.close", Role.ADMIN),
        Verb("leave", "help.partner.leave", Role.CUSTOMER),
    ),
)


def noun(zone: str) -> Noun:
    """The command with its handlers. ``zone``: the IANA zone in which the summary falls due."""
    handlers = {
        "list": _list,
        "invite": _invite,
        "remove": _remove,
        "channel": _channelling(zone),
        "close": _close,
        "leave": _leave,
    }
    return Noun(COMMAND, handlers)


async def _list(asked: Invocation) -> Answer:
    uow, community = asked.context.uow, asked.context.community
    group = await uow.partners.group(community)
    if group is None:
        return asked.answer("refused.no_partner_channel")
    partners = await uow.partners.all(community)
    facts = Facts(tuple([await _line(asked, partner) for partner in partners]))
    key = "partner.all" if partners else "partner.nobody"
    said = asked.say(key, {"channel": await channel_name(asked.context, group)})
    return Answer(Post((Paragraph(said), facts) if partners else (Paragraph(said),)))


async def _line(asked: Invocation, partner: Partner) -> Fact:
    """With their account, by which they can be named in a command."""
    uow, community = asked.context.uow, asked.context.community
    member = await uow.members.get(community, partner.member)
    accounts = await uow.members.accounts(community, partner.member)
    name = (member.shown_as if member else "") or asked.say("fence.unnamed")
    state = asked.say(f"partner_state.{partner.state}", {"date": partner.at.date().isoformat()})
    return Fact(state, f"{name} ({', '.join(account.id for account in accounts)})")


async def _invite(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    member, account = await asked.somebody("person")
    invitation = await invite(asked.context, member, account, asked.member)
    return Answer(asked.answer("partner.invited").post, (invitation,))


async def _remove(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    member, _ = await asked.somebody("person")
    if await asked.context.uow.partners.get(asked.context.community, member.id) is None:
        raise Refused(asked.say("refused.never_invited"))
    return Answer(asked.answer("partner.removed").post, tuple(await part(asked.context, member.id)))


async def _leave(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    partner = await asked.context.uow.partners.get(asked.context.community, asked.member.id)
    if partner is None:
        raise Refused(asked.say("refused.no_partner"))
    left = await settle(asked.context, partner, PartnerState.DECLINED)
    return Answer(asked.answer("partner.declined").post, tuple(left))


def _channelling(zone: str) -> CommandHandler:
    async def choose(asked: Invocation) -> Answer:
        """What was said before the group had a channel, no summary tells."""
        uow, community, now = asked.context.uow, asked.context.community, asked.context.now
        await uow.communities.lock(community)
        channel, role = await asked.channel("channel"), await _role(asked)
        if not may_be_theirs(channel):
            raise Refused(asked.say("refused.not_for_partners", {"channel": channel.name}))
        before = await uow.partners.group(community)
        told_until, told_voice = now, await uow.digests.last_voice(community)
        if before is not None:
            told_until, told_voice = before.told_until, before.told_voice
        after = PartnerGroup(community, channel.space, channel.id, role, told_until, told_voice)
        await uow.partners.put_group(after)
        await settle_summary(uow, community, channel.space, zone, now)
        moved = await move(asked.context, before, after)
        return Answer(asked.answer("partner.chosen", {"channel": channel.name}).post, tuple(moved))

    return choose


async def _close(asked: Invocation) -> Answer:
    uow, community = asked.context.uow, asked.context.community
    await uow.communities.lock(community)
    before = await uow.partners.group(community)
    if before is None:
        raise Refused(asked.say("refused.no_partner_channel"))
    await uow.partners.remove_group(community)
    await end_summary(uow, community)
    return Answer(asked.answer("partner.closed").post, tuple(await move(asked.context, before, None)))


async def _role(asked: Invocation) -> str:
    """The role that opens the channel, empty for none."""
    if asked.given("role") is None:
        return ""
    return await role_to_give(asked, [*await of_levels(asked.context), *await of_rewards(asked.context)])
