"""``/link``: a person's accounts in two spaces of a community become one member.

Here they get a code, there they enter it, are told both names, and confirm.
"""

from dialogue.commands import codes
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.digests import show_in_digests
from dialogue.errors import Refused
from dialogue.partnering.belonging import settle_joined as settle_partner
from dialogue.people import voiced_by
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.recognising.settling import settle_joined
from dialogue.rewarding.ending import end_doubles
from dialogue.routing import show_on_cards
from dialogue.signs.showing import show_signs_by
from knowledge_base.codes import Code, Purpose
from knowledge_base.members import Role

_CODE = Option("code", OptionType.TEXT, "help.option.code")

COMMAND = Command(
    "link",
    "help.link.noun",
    (
        Verb("show", "help.link.show", Role.CUSTOMER),
        Verb("new", "help.link.new", Role.CUSTOMER),
        Verb("enter", "help.link.enter", Role.CUSTOMER, (_CODE,)),
        Verb("confirm", "help.link.confirm", Role.CUSTOMER, (_CODE,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "new": _new, "enter": _enter, "confirm": _confirm})


async def _show(asked: Invocation) -> Answer:
    accounts = await asked.context.uow.members.accounts(asked.context.community, asked.member.id)
    facts = tuple(Fact(codes.platform(asked, account.space), account.id) for account in accounts)
    return Answer(Post((Paragraph(asked.say("link.accounts")), Facts(facts))))


async def _new(asked: Invocation) -> Answer:
    return asked.answer("link.made", {"code": await codes.make(asked, Purpose.LINK)})


async def _enter(asked: Invocation) -> Answer:
    code = await _found(asked)
    await codes.enter(asked, code)
    places = {
        "code": codes.typed(asked),
        "name": await codes.name(asked, code.community, code.member),
        "platform": codes.platform(asked, code.space),
        "own_name": asked.event.actor.name,
        "own_platform": codes.platform(asked, asked.event.place.space),
    }
    return asked.answer("link.entered", places)


async def _confirm(asked: Invocation) -> Answer:
    code = await _found(asked)
    if code.entry is None or code.entry.member != asked.member.id:
        raise Refused(asked.say("refused.code_not_entered"))
    uow, community = asked.context.uow, asked.context.community
    await uow.communities.lock(community)
    await uow.codes.remove(code)
    # also of whom the code is from: what one of both refused is refused for both now
    voiced = dict.fromkeys(
        [
            *await voiced_by(code.member, asked.context),
            *await voiced_by(asked.member.id, asked.context),
        ]
    )
    partners = [await uow.partners.get(community, one) for one in (code.member, asked.member.id)]
    await uow.members.become_one(community, code.member, asked.member.id)
    for insight in voiced:
        await uow.insights.recount(community, insight)
    await settle_joined(asked.context, code.member, voiced)
    await end_doubles(asked.context, code.member)
    edits = [edit for insight in voiced for edit in await show_on_cards(asked.context, insight)]
    edits.extend(await show_in_digests(asked.context, voiced))
    edits.extend(await show_signs_by(asked.context, code.member))
    edits.extend(await settle_partner(asked.context, code.member, partners))
    places = {
        "name": await codes.name(asked, community, code.member),
        "platform": codes.platform(asked, code.space),
    }
    return Answer(asked.answer("link.linked", places).post, tuple(edits))


async def _found(asked: Invocation) -> Code:
    """The code, if it is somebody else's of this community, until now."""
    code = await codes.find(asked, Purpose.LINK)
    if code.community != asked.context.community:
        raise Refused(asked.say("refused.other_community"))
    if code.member == asked.member.id:
        raise Refused(asked.say("refused.same_member"))
    return code
