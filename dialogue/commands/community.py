"""``/community``: which spaces are one community. A space joins by a code, told between the admins of both.

Who invites makes the code, who joins enters it, and who invites confirms the space that entered, which they are told
first: a code that came into wrong hands lets nobody in.
"""

from dialogue.commands import codes
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.codes import Code, Entry, Purpose
from knowledge_base.ids import CommunityId
from knowledge_base.members import Policy, Role

_CODE = Option("code", OptionType.TEXT, "help.option.code")
_POLICY = Option("policy", OptionType.CHOICE, "help.option.policy", choices=tuple(one.value for one in Policy))
_SPACE = Option("space", OptionType.TEXT, "help.option.joining_space", required=False)

COMMAND = Command(
    "community",
    "help.community.noun",
    (
        Verb("show", "help.community.show", Role.STAFF),
        Verb("policy", "help.community.policy", Role.ADMIN, (_POLICY,)),
        Verb("invite", "help.community.invite", Role.ADMIN),
        Verb("join", "help.community.join", Role.ADMIN, (_CODE,)),
        Verb("confirm", "help.community.confirm", Role.ADMIN, (_CODE, _SPACE)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "policy": _policy, "invite": _invite, "join": _join, "confirm": _confirm})


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
    await asked.context.uow.communities.absorb(entry.community, code.community)
    return asked.answer("community.joined", places)


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
