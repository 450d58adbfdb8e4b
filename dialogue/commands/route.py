"""``/route``: which insights go to which team."""

from functools import reduce

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.ids import RouteId
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.members import Role
from knowledge_base.teams import Conditions, Route

_KINDS = tuple(kind.value for kind in Kind if kind in INSIGHT_KINDS)

COMMAND = Command(
    "route",
    "help.route.noun",
    (
        Verb(
            "add",
            "help.route.add",
            Role.ADMIN,
            (
                Option("team", OptionType.TEAM, "help.option.team"),
                Option("tag", OptionType.TAG, "help.option.route_tag", required=False),
                Option("kind", OptionType.CHOICE, "help.option.kind", required=False, choices=_KINDS),
                Option("words", OptionType.TEXT, "help.option.words", required=False),
            ),
        ),
        Verb("list", "help.route.list", Role.STAFF),
        Verb("remove", "help.route.remove", Role.ADMIN, (Option("route", OptionType.ROUTE, "help.option.route"),)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"add": _add, "list": _list, "remove": _remove})


async def _add(asked: Invocation) -> Answer:
    team, tag, kind = await asked.team("team"), await asked.tag("tag"), asked.given("kind")
    words = (word.strip() for word in (asked.given("words") or "").split(","))
    conditions = Conditions(
        tags=frozenset({tag.name} if tag else ()),
        kinds=frozenset({Kind(kind)} if kind else ()),
        words=frozenset(word for word in words if word),
    )
    route = Route(RouteId(asked.context.ids.fresh()), asked.context.community, 0, team.id, conditions)
    route = await asked.context.uow.teams.add_route(route)
    places: dict[str, str | int] = {"number": route.number, "team": team.name, "when": _when(asked, conditions)}
    return asked.answer("route.added", places)


async def _list(asked: Invocation) -> Answer:
    routes = await asked.context.uow.teams.routes(asked.context.community)
    if not routes:
        return asked.answer("route.none")
    teams = {team.id: team.name for team in await asked.context.uow.teams.teams(asked.context.community)}
    facts = (
        Fact(
            asked.say("route.name", {"number": route.number}),
            asked.say("route.line", {"team": teams[route.team], "when": _when(asked, route.conditions)}),
        )
        for route in routes
    )
    return Answer(Post((Paragraph(asked.say("route.all")), Facts(tuple(facts)))))


async def _remove(asked: Invocation) -> Answer:
    route = await asked.route("route")
    await asked.context.uow.teams.remove_route(asked.context.community, route.id)
    return asked.answer("route.removed", {"number": route.number})


def _when(asked: Invocation, conditions: Conditions) -> str:
    """The conditions as a sentence's end."""
    parts = []
    if conditions.tags:
        parts.append(asked.say("route.when_tag", {"tags": ", ".join(sorted(conditions.tags))}))
    if conditions.kinds:
        kinds = sorted(asked.say(f"kind.{kind}") for kind in conditions.kinds)
        parts.append(asked.say("route.when_kind", {"kinds": ", ".join(kinds)}))
    if conditions.words:
        parts.append(asked.say("route.when_words", {"words": ", ".join(sorted(conditions.words))}))
    if not parts:
        return asked.say("route.always")
    return reduce(lambda first, then: asked.say("route.and", {"first": first, "then": then}), parts)
