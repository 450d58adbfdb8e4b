"""``/reminder``: on which occasions members are reminded of what their knowledge did, and how often at most."""

from dataclasses import replace

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation, Noun
from dialogue.commands.limits import quiet_of
from dialogue.commands.numbers import number
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.reminding.choosing import Moment, candidates
from dialogue.reminding.scheduling import look_after
from dialogue.reminding.showing import AFTER, shown_effect, tested
from knowledge_base.effects import effect_of
from knowledge_base.limits import Quiet
from knowledge_base.members import Role
from knowledge_base.reminders import (
    MOST_CAP,
    MOST_SHARE,
    MOST_TIMES,
    PLACES,
    TEXT_LIMIT,
    Reminder,
    ReminderSettings,
    ReminderState,
    When,
    Whom,
    misplaced,
    places_in,
    usual,
)

_RULE = Option("rule", OptionType.TEXT, "help.option.reminder")
_WHEN = tuple(str(one.value) for one in When)
_WHOM = tuple(str(one.value) for one in Whom)

COMMAND = Command(
    "reminder",
    "help.reminder.noun",
    (
        Verb("list", "help.reminder.list", Role.STAFF),
        Verb(
            "add",
            "help.reminder.add",
            Role.ADMIN,
            (
                Option("when", OptionType.CHOICE, "help.option.reminder_when", choices=_WHEN),
                Option("text", OptionType.TEXT, "help.option.reminder_text", limit=TEXT_LIMIT),
                Option("to", OptionType.CHOICE, "help.option.reminder_to", required=False, choices=_WHOM),
                Option("tier", OptionType.TEXT, "help.option.reminder_tier", required=False),
                Option("times", OptionType.TEXT, "help.option.reminder_times", required=False),
                Option("hold_back", OptionType.TEXT, "help.option.reminder_share", required=False),
            ),
        ),
        Verb("test", "help.reminder.test", Role.ADMIN, (_RULE,)),
        Verb("effect", "help.reminder.effect", Role.STAFF, (_RULE,)),
        Verb("pause", "help.reminder.pause", Role.ADMIN, (_RULE,)),
        Verb("resume", "help.reminder.resume", Role.ADMIN, (_RULE,)),
        Verb("remove", "help.reminder.remove", Role.ADMIN, (_RULE,)),
        Verb(
            "limits",
            "help.reminder.limits",
            Role.ADMIN,
            (
                Option("cap", OptionType.TEXT, "help.option.reminder_cap", required=False),
                Option("quiet", OptionType.TEXT, "help.option.quiet", required=False),
                Option("zone", OptionType.TEXT, "help.option.quiet_zone", required=False),
            ),
        ),
    ),
)


def noun(zone: str) -> Noun:
    """The command with its handlers. ``zone``: the IANA zone of quiet hours that name none."""
    return Noun(
        COMMAND,
        {
            "list": _list,
            "add": _adding(zone),
            "test": _test,
            "effect": _effect,
            "pause": _pause,
            "resume": _resume,
            "remove": _remove,
            "limits": _limiting(zone),
        },
    )


async def _list(asked: Invocation) -> Answer:
    uow, community = asked.context.uow, asked.context.community
    rules = [rule for rule in await uow.reminders.rules(community) if rule.state is not ReminderState.REMOVED]
    settings = await uow.reminders.settings(community)
    if not rules or settings is None:
        return asked.answer("reminder.none")
    facts = tuple(Fact(asked.say("reminder.name", {"number": rule.number}), _line(asked, rule)) for rule in rules)
    return Answer(Post((Paragraph(_limits(asked, settings)), Facts(facts))))


def _line(asked: Invocation, rule: Reminder) -> str:
    about = _when(asked, rule)
    people = asked.say(f"reminder_to.{rule.to}")
    if rule.tier:
        people = asked.say("reminder.of_tier", {"people": people, "tier": rule.tier})
    line = asked.say("reminder.line", {"when": about, "people": people, "text": rule.text})
    if rule.share:
        line = asked.say("reminder.line_held", {"line": line, "share": rule.share})
    return asked.say("reminder.line_paused", {"line": line}) if rule.state is ReminderState.PAUSED else line


def _when(asked: Invocation, rule: Reminder) -> str:
    about = asked.say(f"reminder_when.{rule.when}")
    if rule.when is When.ANSWER:
        return asked.say("reminder.times", {"when": about, "count": rule.times})
    return about


def _adding(zone: str) -> CommandHandler:
    async def add(asked: Invocation) -> Answer:
        uow, community = asked.context.uow, asked.context.community
        when, text = When(asked.needed("when")), _text(asked)
        share = number(asked, "hold_back", 0, 0, MOST_SHARE)
        tier, times = await _tier(asked), _times(asked, when)
        await uow.communities.lock(community)
        rules = await uow.reminders.rules(community)
        rule = Reminder(
            community,
            max((rule.number for rule in rules), default=0) + 1,
            when,
            text,
            asked.context.ids.fresh(),
            asked.context.now,
            Whom(asked.given("to") or Whom.EVERYBODY),
            tier,
            share,
            times,
        )
        await uow.reminders.put(rule)
        settings = await uow.reminders.settings(community)
        if settings is None:
            settings = usual(zone)
            await uow.reminders.put_settings(community, settings)
        await look_after(asked.context, asked.event.place.space)
        about = _when(asked, rule)
        return asked.answer("reminder.added", {"number": rule.number, "when": about, "cap": settings.cap})

    return add


def _text(asked: Invocation) -> str:
    """The text. Raises Refused for one that names a fact which the occasion has not, or none at all."""
    text, when = asked.needed("text"), When(asked.needed("when"))
    known = ", ".join(f"{{{name}}}" for name in PLACES[when])
    wrong = misplaced(text, when)
    if wrong:
        raise Refused(asked.say("refused.reminder_place", {"typed": wrong[0][:_SHOWN], "known": known}))
    if not places_in(text):
        raise Refused(asked.say("refused.reminder_no_fact", {"known": known}))
    return text


def _times(asked: Invocation, when: When) -> int:
    """How many others have to have asked. Raises Refused for an occasion that does not go by that."""
    if when is not When.ANSWER and asked.given("times"):
        raise Refused(asked.say("refused.reminder_times"))
    return number(asked, "times", 1, 1, MOST_TIMES)


async def _tier(asked: Invocation) -> str:
    typed = asked.given("tier")
    if typed is None:
        return ""
    tiers = {tier.name for tier in await asked.context.uow.tiers.all(asked.context.community)}
    found = next((tier for tier in sorted(tiers) if tier.casefold() == typed.casefold()), None)
    if found is None:
        raise Refused(asked.say("refused.no_tier", {"typed": typed[:_SHOWN]}))
    return found


async def _test(asked: Invocation) -> Answer:
    """Of a paused rule, too."""
    uow, community = asked.context.uow, asked.context.community
    rule, settings = await _rule(asked), await uow.reminders.settings(community)
    if settings is None:
        raise LookupError(f"{community} has a rule for reminders and no settings of them")
    moment = Moment(community, asked.context.now, settings)
    return Answer(tested(rule, await candidates(uow, rule, moment, asked.context.texts), asked.context.texts))


async def _effect(asked: Invocation) -> Answer:
    rule, community = await _rule(asked), asked.context.community
    before = asked.context.now - AFTER
    outcomes = await asked.context.uow.reminders.outcomes(community, rule.number, before, AFTER)
    return Answer(shown_effect(rule, effect_of(outcomes), asked.context.texts))


async def _pause(asked: Invocation) -> Answer:
    return await _become(asked, ReminderState.PAUSED, "reminder.paused")


async def _resume(asked: Invocation) -> Answer:
    return await _become(asked, ReminderState.RUNNING, "reminder.resumed")


async def _remove(asked: Invocation) -> Answer:
    return await _become(asked, ReminderState.REMOVED, "reminder.removed")


async def _become(asked: Invocation, state: ReminderState, key: str) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    rule = await _rule(asked)
    await asked.context.uow.reminders.put(replace(rule, state=state))
    await look_after(asked.context, asked.event.place.space)
    return asked.answer(key, {"number": rule.number})


async def _rule(asked: Invocation) -> Reminder:
    """The rule of that number, with or without ``#``. Raises Refused if there is none."""
    typed = asked.needed("rule")
    rules = await asked.context.uow.reminders.rules(asked.context.community)
    standing = [rule for rule in rules if rule.state is not ReminderState.REMOVED]
    found = next((rule for rule in standing if str(rule.number) == typed.removeprefix("#")), None)
    if found is None:
        raise Refused(asked.say("refused.no_reminder", {"typed": typed[:_SHOWN]}))
    return found


def _limiting(zone: str) -> CommandHandler:
    async def limit(asked: Invocation) -> Answer:
        """Change what was given, and show what holds now."""
        uow, community = asked.context.uow, asked.context.community
        before = await uow.reminders.settings(community) or usual(zone)
        quiet = quiet_of(asked, before.quiet, zone)
        settings = ReminderSettings(number(asked, "cap", before.cap, 1, MOST_CAP), quiet)
        await uow.reminders.put_settings(community, settings)
        return Answer(Post((Paragraph(_limits(asked, settings)),)))

    return limit


def _limits(asked: Invocation, settings: ReminderSettings) -> str:
    said = asked.say("reminder.cap_one") if settings.cap == 1 else asked.say("reminder.cap", {"cap": settings.cap})
    return asked.say("reminder.limits", {"cap": said, "quiet": _hours(asked, settings.quiet)})


def _hours(asked: Invocation, quiet: Quiet | None) -> str:
    if quiet is None:
        return asked.say("reminder.never_quiet")
    places = {"start": f"{quiet.start:%H:%M}", "end": f"{quiet.end:%H:%M}", "zone": quiet.zone}
    return asked.say("team.quiet_value", places)


_SHOWN = 60
"""How much of what was typed is repeated in a refusal."""
