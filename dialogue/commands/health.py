"""``/health``: how well the loop runs, and when somebody is reminded of what is stuck."""

from dataclasses import replace
from typing import Final

from dialogue.actions import HealthOf
from dialogue.commands.declarations import DEFAULT, Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.commands.numbers import LONGEST, number
from dialogue.health.weekly import PERIOD
from knowledge_base.escalations import HealthSettings, Weekly
from knowledge_base.members import Role

MOST_A_DAY: Final = 50

COMMAND = Command(
    "health",
    "help.health.noun",
    (
        Verb(
            DEFAULT,
            "help.health.show",
            Role.STAFF,
            (Option("days", OptionType.TEXT, "help.option.health_days", required=False),),
        ),
        Verb(
            "set",
            "help.health.set",
            Role.ADMIN,
            (
                Option("days", OptionType.TEXT, "help.option.stuck_days", required=False),
                Option("daily", OptionType.TEXT, "help.option.nudges_a_day", required=False),
                Option(
                    "weekly",
                    OptionType.CHOICE,
                    "help.option.weekly_line",
                    required=False,
                    choices=tuple(str(choice.value) for choice in Weekly),
                ),
            ),
        ),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {DEFAULT: _show, "set": _set})


async def _show(asked: Invocation) -> Answer:
    days = number(asked, "days", PERIOD.days, 1, LONGEST)
    return Answer(HealthOf(days, asked.context.now))


async def _set(asked: Invocation) -> Answer:
    health = asked.context.uow.health
    before = await health.settings(asked.context.community)
    settings = replace(
        before,
        days=number(asked, "days", before.days, 0, LONGEST),
        a_day=number(asked, "daily", before.a_day, 1, MOST_A_DAY),
        weekly=Weekly(asked.given("weekly") or before.weekly),
    )
    await health.put_settings(settings)
    return asked.answer("health.set", {"stuck": _stuck(asked, settings), "weekly": _weekly(asked, settings)})


def _stuck(asked: Invocation, settings: HealthSettings) -> str:
    if not settings.days:
        return asked.say("health.never_stuck")
    return asked.say("health.stuck_after", {"days": settings.days, "count": settings.a_day})


def _weekly(asked: Invocation, settings: HealthSettings) -> str:
    return asked.say("health.weekly_on" if settings.weekly is Weekly.ON else "health.weekly_off")
