"""``/team limits``: when a team wants to be told, and of how much."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from dialogue.commands.conditions import MOST_PEOPLE, listed, number
from dialogue.commands.declarations import Option, OptionType, Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.routing.holding import look_now
from knowledge_base.limits import UNLIMITED, Limits, Quiet
from knowledge_base.members import Role
from knowledge_base.teams import Team

OFF: Final = "off"
"""What takes a limit away."""
MOST_CARDS: Final = 1_000
"""The highest cap."""

VERB: Final = Verb(
    "limits",
    "help.team.limits",
    Role.ADMIN,
    (
        Option("team", OptionType.TEAM, "help.option.team"),
        Option("quiet", OptionType.TEXT, "help.option.quiet", required=False),
        Option("zone", OptionType.TEXT, "help.option.quiet_zone", required=False),
        Option("cap", OptionType.TEXT, "help.option.cap", required=False),
        Option("steps", OptionType.TEXT, "help.option.steps", required=False),
    ),
)


def limiting(zone: str) -> CommandHandler:
    """The handler. ``zone``: the IANA zone of quiet hours that name none."""

    async def limit(asked: Invocation) -> Answer:
        """Change what was given, and show what holds now."""
        team = await asked.team("team")
        limits = Limits(quiet_of(asked, team.limits.quiet, zone), _cap(asked, team.limits.cap), _steps(asked, team))
        limited = replace(team, limits=limits)
        if limited != team:
            await asked.context.uow.teams.put_team(limited)
            await look_now(asked.context.uow, limited, asked.context.now)
        return _shown(asked, limited)

    return limit


def quiet_of(asked: Invocation, known: Quiet | None, zone: str) -> Quiet | None:
    """The quiet hours given, else those known; ``zone``: for those that name none. Raises Refused for what is none."""
    typed = asked.given("quiet")
    zone = zone_of(asked) or (known.zone if known else zone)
    if typed is None:
        return None if known is None else replace(known, zone=zone)
    if typed.casefold() == OFF:
        return None
    start, _, end = typed.replace("–", "-").partition("-")
    try:
        return Quiet(_time(start), _time(end), zone)
    except ValueError as error:
        raise Refused(asked.say("refused.no_hours")) from error


def _time(typed: str) -> time:
    """A time of the day, to the minute."""
    return datetime.strptime(typed.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of the day, of no day


def zone_of(asked: Invocation) -> str | None:
    """The IANA zone given, however it is spelt, or None. Raises Refused for what is none."""
    typed = asked.given("zone")
    if typed is None:
        return None
    found = _zones().get(typed.casefold())
    if found is None:
        raise Refused(asked.say("refused.no_zone", {"typed": typed}))
    return found


@cache
def _zones() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def _cap(asked: Invocation, known: int | None) -> int | None:
    typed = asked.given("cap")
    if typed is None:
        return known
    return None if typed.casefold() == OFF else number(asked, "cap", typed, MOST_CARDS)


def _steps(asked: Invocation, team: Team) -> tuple[int, ...]:
    typed = asked.given("steps")
    if typed is None:
        return team.limits.steps
    if typed.casefold() == OFF:
        return ()
    return tuple(sorted({number(asked, "steps", step, MOST_PEOPLE) for step in listed(asked, "steps")}))


def _shown(asked: Invocation, team: Team) -> Answer:
    limits = team.limits
    if limits == UNLIMITED:
        return asked.answer("team.no_limits", {"team": team.name})
    facts: list[Fact] = []
    if limits.quiet is not None:
        quiet = limits.quiet
        places = {"start": f"{quiet.start:%H:%M}", "end": f"{quiet.end:%H:%M}", "zone": quiet.zone}
        facts.append(Fact(asked.say("team.quiet"), asked.say("team.quiet_value", places)))
    if limits.cap is not None:
        facts.append(Fact(asked.say("team.cap"), str(limits.cap)))
    if limits.steps:
        facts.append(Fact(asked.say("team.steps"), ", ".join(map(str, limits.steps))))
    return Answer(Post((Paragraph(asked.say("team.limits", {"team": team.name})), Facts(tuple(facts)))))
