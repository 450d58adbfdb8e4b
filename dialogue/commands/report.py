"""``/team report``: what the firm's people did for the loop. Everybody sees their own; admins see everybody's."""

from datetime import timedelta
from typing import Final

from dialogue.commands.declarations import Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation
from dialogue.commands.numbers import LONGEST, number
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.health import Deeds
from knowledge_base.members import Role

DAYS: Final = 30

MOST: Final = 40
"""How many people one answer can name."""

VERB: Final = Verb(
    "report",
    "help.team.report",
    Role.STAFF,
    (Option("days", OptionType.TEXT, "help.option.report_days", required=False),),
)


async def report(asked: Invocation) -> Answer:
    """A private answer: who tagged, answered, decided and closed loops, and how often; whoever did most first."""
    days = number(asked, "days", DAYS, 1, LONGEST)
    context = asked.context
    everybody = asked.event.actor.role.may(Role.ADMIN)
    deeds = await context.uow.health.deeds(context.community, context.now - timedelta(days=days))
    mine = [one for one in deeds if everybody or one.member == asked.member.id]
    if not mine:
        return asked.answer("team.report_nothing", {"days": days})
    facts = [await _fact(asked, one) for one in sorted(mine, key=lambda one: (-_all(one), one.member))[:MOST]]
    said = asked.say("team.report" if everybody else "team.report_own", {"days": days})
    return Answer(Post((Paragraph(said), Facts(tuple(facts)))))


def _all(deeds: Deeds) -> int:
    return deeds.tagged + deeds.answered + deeds.decided + deeds.closed


async def _fact(asked: Invocation, deeds: Deeds) -> Fact:
    member = await asked.context.uow.members.get(asked.context.community, deeds.member)
    said = asked.say(
        "team.deeds",
        {"tagged": deeds.tagged, "answered": deeds.answered, "decided": deeds.decided, "closed": deeds.closed},
    )
    return Fact((member and member.name) or asked.say("insight.somebody"), said)
