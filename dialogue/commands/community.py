"""``/community``: which spaces are one community. A space joins by a code, told between the admins of both.

Who invites makes the code, who joins enters it, and who invites confirms the space that entered, which they are told
first: a code that came into wrong hands lets nobody in.
"""

from dataclasses import replace
from typing import Final

from dialogue.commands import codes
from dialogue.commands.conditions import number
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.commands.limits import OFF
from dialogue.errors import Refused
from dialogue.partnering.belonging import move
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.recognising.levelling import look_at_all
from dialogue.retention import look_after
from knowledge_base.channels import Audience
from knowledge_base.codes import Code, Entry, Purpose
from knowledge_base.ids import CommunityId
from knowledge_base.members import Policy, Role

_CODE = Option("code", OptionType.TEXT, "help.option.code")
_POLICY = Option("policy", OptionType.CHOICE, "help.option.policy", choices=tuple(one.value for one in Policy))
_SPACE = Option("space", OptionType.TEXT, "help.option.joining_space", required=False)

_AUDIENCE = Option(
    "audience", OptionType.CHOICE, "help.option.audience", required=False, choices=tuple(a.value for a in Audience)
)
_DAYS = Option("days", OptionType.TEXT, "help.option.days", required=False)
MOST_DAYS: Final = 3650
"""The longest time that can be chosen."""

COMMAND = Command(
    "community",
    "help.community.noun",
    (
        Verb("show", "help.community.show", Role.STAFF),
        Verb("policy", "help.community.policy", Role.ADMIN, (_POLICY,)),
        Verb("retention", "help.community.retention", Role.ADMIN, (_AUDIENCE, _DAYS)),
        Verb("invite", "help.community.invite", Role.ADMIN),
        Verb("join", "help.community.join", Role.ADMIN, (_CODE,)),
        Verb("confirm", "help.community.confirm", Role.ADMIN, (_CODE, _SPACE)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    handlers = {
        "show": _show,
        "policy": _policy,
        "retention": _retention,
        "invite": _invite,
        "join": _join,
        "confirm": _confirm,
    }
    return Noun(COMMAND, handlers)


async def _show(asked: Invocation) -> Answer:
    spaces = await asked.context.uow.communities.spaces(asked.context.community)
    facts = tuple(Fact(codes.platform(asked, space), space) for space in spaces)
    return Answer(Post((Paragraph(asked.say("community.spaces")), Facts(facts))))


async def _policy(asked: Invocation) -> Answer:
    """Nobody's messages are looked at meanwhile: what is judged after this is judged by it."""
    policy = Policy(asked.needed("policy"))
    await asked.context.uow.communities.choose_policy(asked.context.community, policy)
    key = policy.name.lower()
    return asked.answer(f"policy.{key}", {"line": asked.say(f"policy.line_{key}")})


async def _retention(asked: Invocation) -> Answer:
    """Without options: what was chosen. A number of days holds from now on, for what was said before, too."""
    audience, days = asked.given("audience"), asked.given("days")
    if (audience is None) != (days is None):
        raise Refused(asked.say("refused.retention"))
    uow, community = asked.context.uow, asked.context.community
    if audience is not None and days is not None:
        chosen = None if days.casefold() == OFF else number(asked, "days", days, MOST_DAYS)
        await uow.retentions.choose(community, Audience(audience), chosen)
        await look_after(asked.context, asked.event.place.space)
    kept = await uow.retentions.of(community)
    facts = tuple(
        Fact(asked.say(f"audience.{one}"), asked.say("community.days", {"days": kept[one]}))
        if one in kept
        else Fact(asked.say(f"audience.{one}"), asked.say("community.kept_on"))
        for one in Audience
    )
    return Answer(Post((Paragraph(asked.say("community.retention")), Facts(facts))))


async def _invite(asked: Invocation) -> Answer:
    code = await codes.make(asked, Purpose.JOIN)
    return asked.answer("community.invited", {"code": code})


async def _join(asked: Invocation) -> Answer:
    code = await codes.find(asked, Purpose.JOIN)
    await _refuse_unless_absorbable(asked, code, asked.context.community)
    await codes.enter(asked, code)
    places = {
        "code": codes.typed(asked),
        "name": await codes.name(asked, code.community, code.member),
        "platform": codes.platform(asked, code.space),
    }
    return asked.answer("community.entered", places)


async def _confirm(asked: Invocation) -> Answer:
    code, entry = await _entered(asked)
    places = {
        "code": codes.typed(asked),
        "name": await codes.name(asked, entry.community, entry.member),
        "platform": codes.platform(asked, entry.space),
        "space": entry.space,
    }
    if asked.given("space") != entry.space:
        return asked.answer("community.asks", places)
    for community in sorted({code.community, entry.community}):
        await asked.context.uow.communities.lock(community)
    code, entry = await _entered(asked)  # as it is now that nobody else changes either
    await asked.context.uow.codes.remove(code)
    joining = replace(asked.context, community=entry.community)
    parted = await move(joining, await asked.context.uow.partners.group(entry.community), None)
    await asked.context.uow.communities.absorb(entry.community, code.community)
    await look_at_all(asked.context, entry.space)
    return Answer(asked.answer("community.joined", places).post, tuple(parted))


async def _entered(asked: Invocation) -> tuple[Code, Entry]:
    """The asker's own code with who entered it, if that space alone can join now."""
    code = await codes.find(asked, Purpose.JOIN)
    if code.community != asked.context.community or code.entry is None:
        raise Refused(asked.say("refused.code_not_entered"))
    await _refuse_unless_absorbable(asked, code, code.entry.community)
    if await asked.context.uow.communities.spaces(code.entry.community) != [code.entry.space]:
        raise Refused(asked.say("refused.community_began"))
    return code, code.entry


async def _refuse_unless_absorbable(asked: Invocation, code: Code, joining: CommunityId) -> None:
    if joining == code.community:
        raise Refused(asked.say("refused.same_community"))
    if not await asked.context.uow.communities.is_new(joining):
        raise Refused(asked.say("refused.community_began"))
