"""``/insight``: look insights up, and decide about them."""

from dialogue.cards import Sheet, demand, line, name, quote, render, title
from dialogue.commands import kind
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation, Noun
from dialogue.deciding import confirmation, decide
from dialogue.kinds_by_hand import KindGiver
from dialogue.posts import Buttons, Fact, Facts, Paragraph, Post, plain
from knowledge_base.insights import StatusChange
from knowledge_base.members import Role
from knowledge_base.statuses import Decision

_LISTED = 10
_INSIGHT = Option("insight", OptionType.INSIGHT, "help.option.insight")
_MESSAGE = Option("message", OptionType.MESSAGE, "help.option.message")
_WHY = Option("reason", OptionType.TEXT, "help.option.reason", required=False)
_DECLINE_WHY = Option("reason", OptionType.TEXT, "help.option.reason")

COMMAND = Command(
    "insight",
    "help.insight.noun",
    (
        Verb("show", "help.insight.show", Role.STAFF, (_INSIGHT,)),
        Verb("list", "help.insight.list", Role.STAFF, shortcut="shortcut.insights"),
        Verb("voices", "help.insight.voices", Role.STAFF, (_MESSAGE,), menu="menu.voices"),
        kind.VERB,
        *(
            Verb(
                decision.value,
                f"help.insight.{decision}",
                Role.STAFF,
                (_INSIGHT, _DECLINE_WHY if decision is Decision.DECLINE else _WHY),
            )
            for decision in Decision
        ),
    ),
)


def noun(giver: KindGiver) -> Noun:
    """The command with its handlers."""
    decisions = {decision.value: _deciding(decision) for decision in Decision}
    return Noun(COMMAND, {"show": _show, "list": _list, "voices": _voices, "kind": kind.handler(giver), **decisions})


def _deciding(decision: Decision) -> CommandHandler:
    async def handle(asked: Invocation) -> Answer:
        await asked.context.uow.communities.lock(asked.context.community)
        insight = await asked.insight("insight")
        decided = await decide(asked.context, insight, decision, asked.member, asked.given("reason") or "")
        said = confirmation(decided, asked.context.texts)
        return Answer(plain(said), decided.shown)

    return handle


async def _show(asked: Invocation) -> Answer:
    """As on its card, without buttons, and with its whole history."""
    insight = await asked.insight("insight")
    uow, community = asked.context.uow, asked.context.community
    voices = await uow.insights.voices(community, insight.id)
    history = tuple(await uow.insights.history(community, insight.id))
    people = {change.by: await uow.members.get(community, change.by) for change in history}
    names = {by: (member and member.name) or asked.say("insight.somebody") for by, member in people.items()}
    decider = names[history[-1].by] if history else ""
    card = render(Sheet(insight, tuple(voices), history, decider, ()), asked.context.texts)
    told = tuple(_told(change, names[change.by], asked) for change in history)
    blocks = tuple(block for block in card.blocks if not isinstance(block, Buttons))
    return Answer(Post((*blocks, Facts(told)) if told else blocks))


def _told(change: StatusChange, by: str, asked: Invocation) -> Fact:
    said = asked.say("status.by", {"status": asked.say(f"status.{change.status.name.lower()}"), "name": by})
    if change.reason:
        said = asked.say("status.because", {"status": said, "reason": change.reason})
    return Fact(change.at.date().isoformat(), said)


async def _list(asked: Invocation) -> Answer:
    found = await asked.context.uow.insights.open(asked.context.community, limit=_LISTED)
    if not found:
        return asked.answer("insight.none")
    facts = []
    for insight in found:
        voices = await asked.context.uow.insights.voices(asked.context.community, insight.id)
        facts.append(line(insight, title(insight, voices), asked.context.texts))
    return Answer(Post((Paragraph(asked.say("insight.open")), Facts(tuple(facts)))))


async def _voices(asked: Invocation) -> Answer:
    """Everybody who said the same, in their own words."""
    uow, community = asked.context.uow, asked.context.community
    insight = await uow.insights.of_message(community, (await asked.message("message")).id)
    if insight is None:
        return asked.answer("insight.no_voice")
    voices = await uow.insights.voices(community, insight.id)
    facts = Facts((Fact(name(insight, asked.context.texts), demand(insight, asked.context.texts)),))
    quotes = [quote(voice) for voice in voices[:_LISTED]]
    rest = [Paragraph(asked.say("insight.more_voices", {"count": len(voices) - _LISTED}))] if voices[_LISTED:] else []
    return Answer(Post((facts, *quotes, *rest)))
