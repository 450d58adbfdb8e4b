"""``/insight``: look insights up, and decide about them."""

from dialogue.cards import Sheet, demand, name, render, title
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation, Noun
from dialogue.deciding import confirmation, decide
from dialogue.posts import Buttons, Fact, Facts, Paragraph, Post, plain
from knowledge_base.insights import Insight, StatusChange
from knowledge_base.members import Role
from knowledge_base.statuses import Decision

_LISTED = 10
_INSIGHT = Option("insight", OptionType.INSIGHT, "help.option.insight")
_WHY = Option("reason", OptionType.TEXT, "help.option.reason", required=False)
_DECLINE_WHY = Option("reason", OptionType.TEXT, "help.option.reason")

COMMAND = Command(
    "insight",
    "help.insight.noun",
    (
        Verb("show", "help.insight.show", Role.STAFF, (_INSIGHT,)),
        Verb("list", "help.insight.list", Role.STAFF),
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


def noun() -> Noun:
    """The command with its handlers."""
    decisions = {decision.value: _deciding(decision) for decision in Decision}
    return Noun(COMMAND, {"show": _show, "list": _list, **decisions})


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
    facts = [await _line(asked, insight) for insight in found]
    return Answer(Post((Paragraph(asked.say("insight.open")), Facts(tuple(facts)))))


async def _line(asked: Invocation, insight: Insight) -> Fact:
    voices = await asked.context.uow.insights.voices(asked.context.community, insight.id)
    label = asked.say(
        "insight.line",
        {
            "name": name(insight, asked.context.texts),
            "demand": demand(insight, asked.context.texts),
            "status": asked.say(f"status.{insight.status.name.lower()}"),
        },
    )
    return Fact(label, title(insight, voices) or "")
