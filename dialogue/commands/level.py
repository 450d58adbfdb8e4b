"""``/level``: the names that a community gives to how much somebody contributed."""

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.given_roles import role_to_give
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.recognising.levelling import look_at_all
from dialogue.taken_roles import of_partners, of_rewards
from knowledge_base.levels import MOST_LEVELS, MOST_POINTS, NAME_LIMIT, Level
from knowledge_base.members import Role

_NAME = Option("name", OptionType.TEXT, "help.option.level_name", limit=NAME_LIMIT)

COMMAND = Command(
    "level",
    "help.level.noun",
    (
        Verb("list", "help.level.list", Role.CUSTOMER),
        Verb(
            "add",
            "help.level.add",
            Role.ADMIN,
            (
                _NAME,
                Option("points", OptionType.TEXT, "help.option.points"),
                Option("role", OptionType.TEXT, "help.option.level_role", required=False),
            ),
        ),
        Verb("remove", "help.level.remove", Role.ADMIN, (_NAME,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"list": _list, "add": _add, "remove": _remove})


async def _list(asked: Invocation) -> Answer:
    levels = await asked.context.uow.levels.all(asked.context.community)
    if not levels:
        return asked.answer("level.none")
    facts = tuple(Fact(level.name, _said(asked, level)) for level in levels)
    return Answer(Post((Paragraph(asked.say("level.all")), Facts(facts))))


async def _add(asked: Invocation) -> Answer:
    """One of the same name, however it is spelt, is that level as it is said now."""
    uow, community = asked.context.uow, asked.context.community
    await uow.communities.lock(community)
    name, points, group = asked.needed("name"), _points(asked), await _role(asked)
    known = await uow.levels.all(community)
    name = next((level.name for level in known if level.name.casefold() == name.casefold()), name)
    others = [level for level in known if level.name != name]
    same = next((level for level in others if level.threshold == points), None)
    if same is not None:
        raise Refused(asked.say("refused.level_threshold", {"name": same.name, "points": points}))
    if len(others) >= MOST_LEVELS:
        raise Refused(asked.say("refused.levels_full", {"most": MOST_LEVELS}))
    space = asked.event.place.space
    level = Level(community, name, points, space, group) if group else Level(community, name, points)
    await uow.levels.put(level)
    await look_at_all(asked.context, space)
    return asked.answer("level.added", {"name": name, "said": _said(asked, level)})


async def _remove(asked: Invocation) -> Answer:
    name = asked.needed("name")
    if not await asked.context.uow.levels.remove(asked.context.community, name):
        raise Refused(asked.say("refused.no_level", {"name": name}))
    await look_at_all(asked.context, asked.event.place.space)
    return asked.answer("level.removed", {"name": name})


def _points(asked: Invocation) -> int:
    typed = asked.needed("points")
    points = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_POINTS)) else 0
    if not 0 < points <= MOST_POINTS:
        raise Refused(asked.say("refused.no_number", {"option": "points", "most": MOST_POINTS}))
    return points


async def _role(asked: Invocation) -> str:
    """The role that goes with it, empty for none; several levels may have the same."""
    if asked.given("role") is None:
        return ""
    return await role_to_give(asked, [*await of_rewards(asked.context), *await of_partners(asked.context)])


def _said(asked: Invocation, level: Level) -> str:
    if not level.group:
        return asked.say("level.from", {"points": level.threshold})
    return asked.say("level.with_role", {"points": level.threshold, "role": level.group})
