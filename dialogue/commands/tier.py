"""``/tier``: which roles or user groups of customers mean what kind of customer."""

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.members import Role
from knowledge_base.tiers import NAME_LIMIT, Tier

_GROUP = Option("group", OptionType.TEXT, "help.option.group")

COMMAND = Command(
    "tier",
    "help.tier.noun",
    (
        Verb("list", "help.tier.list", Role.STAFF),
        Verb("add", "help.tier.add", Role.ADMIN, (_GROUP, Option("name", OptionType.TEXT, "help.option.tier_name"))),
        Verb("remove", "help.tier.remove", Role.ADMIN, (_GROUP,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"list": _list, "add": _add, "remove": _remove})


async def _list(asked: Invocation) -> Answer:
    tiers = await asked.context.uow.tiers.all(asked.context.community)
    if not tiers:
        return asked.answer("tier.none")
    facts = (Fact(tier.name, tier.group) for tier in tiers)
    return Answer(Post((Paragraph(asked.say("tier.all")), Facts(tuple(facts)))))


async def _add(asked: Invocation) -> Answer:
    """A name that is known already is the same tier, however it is spelt."""
    name, group = asked.needed("name"), asked.group("group")
    if len(name) > NAME_LIMIT or "," in name:
        raise Refused(asked.say("refused.tier_name", {"limit": NAME_LIMIT}))
    known = await asked.context.uow.tiers.all(asked.context.community)
    name = next((tier.name for tier in known if tier.name.casefold() == name.casefold()), name)
    await asked.context.uow.tiers.put(Tier(asked.context.community, asked.event.place.space, group, name))
    return asked.answer("tier.added", {"tier": name})


async def _remove(asked: Invocation) -> Answer:
    group = asked.group("group")
    if not await asked.context.uow.tiers.remove(asked.context.community, asked.event.place.space, group):
        raise Refused(asked.say("refused.not_a_tier", {"group": group}))
    return asked.answer("tier.removed", {"group": group})
