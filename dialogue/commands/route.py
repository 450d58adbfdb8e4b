"""``/route``: which insights go to which teams, and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dialogue.cards import line, title
from dialogue.commands.conditions import OPTIONS, listed, read_conditions, told
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.models import LanguageIdentifier
from dialogue.posts import Block, Fact, Facts, Paragraph, Post
from dialogue.routing import may_show_cards
from dialogue.routing.likeness import Compared, compare
from knowledge_base.conditions import Conditions, Heard
from knowledge_base.ids import RouteId
from knowledge_base.members import Role
from knowledge_base.teams import Delivery, Route, Running, Team

DAYS: Final = 30
"""How far back a route is tested."""
TESTED: Final = 1_000
"""How many insights a route is tested on at most, those heard last."""
SHOWN: Final = 10
"""How many of them a test names."""

_ROUTE = Option("route", OptionType.ROUTE, "help.option.route")

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
                *OPTIONS,
                Option("also", OptionType.TEXT, "help.option.route_also", required=False),
                Option(
                    "deliver", OptionType.CHOICE, "help.option.route_deliver", required=False, choices=tuple(Delivery)
                ),
            ),
        ),
        Verb("list", "help.route.list", Role.STAFF),
        Verb("test", "help.route.test", Role.ADMIN, (replace(_ROUTE, required=False), *OPTIONS)),
        Verb("pause", "help.route.pause", Role.ADMIN, (_ROUTE,)),
        Verb("resume", "help.route.resume", Role.ADMIN, (_ROUTE,)),
        Verb("remove", "help.route.remove", Role.ADMIN, (_ROUTE,)),
    ),
)


def noun(identifier: LanguageIdentifier) -> Noun:
    """The command with its handlers. ``identifier`` tells the language of examples."""

    async def add(asked: Invocation) -> Answer:
        return await _add(asked, await read_conditions(asked, identifier))

    async def test(asked: Invocation) -> Answer:
        route = await asked.route("route") if asked.given("route") else None
        return await _test(asked, route.conditions if route else await read_conditions(asked, identifier))

    handlers = {"add": add, "list": _list, "test": test, "pause": _pause, "resume": _resume, "remove": _remove}
    return Noun(COMMAND, handlers)


async def _add(asked: Invocation, conditions: Conditions) -> Answer:
    team = await asked.team("team")
    others = [await asked.team_named(name) for name in sorted(listed(asked, "also"))]
    ids = dict.fromkeys(other.id for other in others if other.id != team.id)
    route = Route(
        RouteId(asked.context.ids.fresh()),
        asked.context.community,
        0,
        team.id,
        conditions,
        tuple(ids),
        Delivery(asked.given("deliver") or Delivery.NOW),
    )
    route = await asked.context.uow.teams.add_route(route)
    key = "route.added" if route.delivery is Delivery.NOW else "route.added_digest"
    names = ", ".join(dict.fromkeys(one.name for one in (team, *others)))
    said = asked.say(key, {"number": route.number, "team": names, "when": await told(asked, conditions)})
    channels = await asked.context.uow.teams.channels(asked.context.community)
    in_vain = [one.name for one in dict.fromkeys((team, *others)) if not may_show_cards(channels.get(one.id))]
    return Answer(Post((Paragraph(said), *(Paragraph(asked.say("route.in_vain", {"team": name})) for name in in_vain))))


async def _list(asked: Invocation) -> Answer:
    routes = await asked.context.uow.teams.routes(asked.context.community)
    if not routes:
        return asked.answer("route.none")
    teams = await asked.context.uow.teams.teams(asked.context.community)
    facts = [
        Fact(asked.say("route.name", {"number": route.number}), await _line(asked, route, teams)) for route in routes
    ]
    return Answer(Post((Paragraph(asked.say("route.all")), Facts(tuple(facts)))))


async def _line(asked: Invocation, route: Route, teams: Sequence[Team]) -> str:
    names = ", ".join(team.name for one in route.teams for team in teams if team.id == one)
    said = asked.say("route.line", {"team": names, "when": await told(asked, route.conditions)})
    if route.delivery is Delivery.DIGEST:
        said = asked.say("route.in_digest", {"line": said})
    return asked.say("route.is_paused", {"line": said}) if route.running is Running.PAUSED else said


async def _test(asked: Invocation, conditions: Conditions) -> Answer:
    """What a route with these conditions would have sent of what was heard of late."""
    heard = await _heard_of_late(asked, conditions)
    compared = await _compared(asked, conditions, heard)
    heard = [replace(one, like=compared.like(one.insight.id)) for one in heard] if conditions.like else heard
    meant = [one for one in heard if conditions.hold(one)]
    key = "route.tested" if meant else "route.tested_none"
    places: dict[str, str | int] = {"all": len(heard), "days": DAYS, "count": len(meant)}
    blocks: list[Block] = [Paragraph(asked.say(key, {**places, "when": await told(asked, conditions)}))]
    if meant:
        blocks.append(Facts(tuple([await _named(asked, one, compared) for one in meant[:SHOWN]])))
    if len(meant) > SHOWN:
        blocks.append(Paragraph(asked.say("route.tested_more", {"count": len(meant) - SHOWN})))
    return Answer(Post(tuple(blocks)))


async def _heard_of_late(asked: Invocation, conditions: Conditions) -> list[Heard]:
    uow, community = asked.context.uow, asked.context.community
    since = asked.context.now - timedelta(days=DAYS)
    insights = await uow.lately.heard(community, since, TESTED)
    if not conditions.ask_voices:
        return [Heard(insight, ()) for insight in insights]
    voices = await uow.lately.voices(community, [insight.id for insight in insights])
    return [Heard(insight, voices.get(insight.id, ())) for insight in insights]


async def _compared(asked: Invocation, conditions: Conditions, heard: Sequence[Heard]) -> Compared:
    """How near all these are to the example, where there is one."""
    examples = [conditions.like] if conditions.like else []
    insights = [one.insight.id for one in heard] if examples else []
    context = asked.context
    return await compare(context.uow, context.embedders, context.community, insights, examples)


async def _named(asked: Invocation, heard: Heard, compared: Compared) -> Fact:
    insight = heard.insight
    voices = heard.voices or await asked.context.uow.insights.voices(insight.community, insight.id)
    named = line(insight, title(insight, voices), asked.context.texts)
    near = compared.nearest(insight.id)
    if near is None:
        return named
    return replace(named, label=asked.say("route.tested_like", {"line": named.label, "cosine": f"{near.cosine:.2f}"}))


async def _pause(asked: Invocation) -> Answer:
    return await _run(asked, Running.PAUSED, "route.paused")


async def _resume(asked: Invocation) -> Answer:
    return await _run(asked, Running.ON, "route.resumed")


async def _run(asked: Invocation, running: Running, key: str) -> Answer:
    route = await asked.route("route")
    await asked.context.uow.teams.put_route(replace(route, running=running))
    return asked.answer(key, {"number": route.number})


async def _remove(asked: Invocation) -> Answer:
    route = await asked.route("route")
    await asked.context.uow.teams.remove_route(asked.context.community, route.id)
    return asked.answer("route.removed", {"number": route.number})
