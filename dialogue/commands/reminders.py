"""``/reminders``: whether I am reminded of what my knowledge did, and by which clock not at night."""

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.commands.limits import OFF, zone_of
from knowledge_base.members import Role
from knowledge_base.reminders import Person

COMMAND = Command(
    "reminders",
    "help.reminders.noun",
    (
        Verb("show", "help.reminders.show", Role.CUSTOMER),
        Verb("stop", "help.reminders.stop", Role.CUSTOMER),
        Verb("resume", "help.reminders.resume", Role.CUSTOMER),
        Verb(
            "zone",
            "help.reminders.zone",
            Role.CUSTOMER,
            (Option("zone", OptionType.TEXT, "help.option.own_zone"),),
        ),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "stop": _stop, "resume": _resume, "zone": _zone})


async def _show(asked: Invocation) -> Answer:
    person = await _person(asked)
    if not person.willing:
        return asked.answer("reminders.none")
    settings = await asked.context.uow.reminders.settings(asked.context.community)
    if settings is None:
        return asked.answer("reminders.no_rules")
    zone = person.zone or (settings.quiet.zone if settings.quiet else asked.say("reminders.any_zone"))
    return asked.answer("reminders.some", {"count": len(person.told_at), "cap": settings.cap, "zone": zone})


async def _stop(asked: Invocation) -> Answer:
    await asked.context.uow.reminders.stop(asked.context.community, asked.member.id, asked.context.now)
    return asked.answer("reminders.stopped")


async def _resume(asked: Invocation) -> Answer:
    """Who muted everything, or wants nothing to be kept of them, is told that this holds on."""
    await asked.context.uow.reminders.resume(asked.context.community, asked.member.id)
    willing = (await _person(asked)).willing
    return asked.answer("reminders.resumed" if willing else "reminders.still_none")


async def _zone(asked: Invocation) -> Answer:
    off = asked.needed("zone").casefold() == OFF
    zone = "" if off else zone_of(asked) or ""
    await asked.context.uow.reminders.choose_zone(asked.context.community, asked.member.id, zone)
    return asked.answer("reminders.zone_off") if off else asked.answer("reminders.zone", {"zone": zone})


async def _person(asked: Invocation) -> Person:
    members = [asked.member.id]
    people = await asked.context.uow.occasions.people(asked.context.community, members, asked.context.now)
    return people[asked.member.id]
