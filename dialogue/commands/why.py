"""``/why``: what was understood of a message or an insight, and by which rules. Also in every message's menu."""

from dialogue.commands import lookups
from dialogue.commands.declarations import DEFAULT, Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.explaining.insights import explain_insight
from dialogue.explaining.messages import Lens, explain
from dialogue.explaining.posts import insight_post, message_post
from knowledge_base.insights import Insight
from knowledge_base.members import Role
from knowledge_base.messages import Message

COMMAND = Command(
    "why",
    "help.why.noun",
    (
        Verb(
            DEFAULT,
            "help.why.show",
            Role.STAFF,
            (
                Option("message", OptionType.MESSAGE, "help.option.why_message", required=False),
                Option("insight", OptionType.INSIGHT, "help.option.why_insight", required=False),
            ),
            menu="menu.why",
        ),
    ),
)


def noun() -> Noun:
    """The command with its handler."""
    return Noun(COMMAND, {DEFAULT: _show})


async def _show(asked: Invocation) -> Answer:
    """What is named in words may be either: a message by link or id, or an insight by number."""
    lens = Lens(asked.context.texts, asked.context.embedders)
    if asked.given("insight"):
        return await _insight(asked, await asked.insight("insight"), lens)
    if not asked.given("message"):
        raise Refused(asked.say("refused.why_what"))
    found = await _meant(asked)
    return await (_message(asked, found, lens) if isinstance(found, Message) else _insight(asked, found, lens))


async def _meant(asked: Invocation) -> Message | Insight:
    """A message that was kept, or the insight whose card it is, or whose number was given."""
    typed, place = asked.needed("message"), asked.event.place
    uow, community = asked.context.uow, asked.context.community
    scope = lookups.Scope(uow, community, asked.context.texts)
    for name in lookups.names_of_message(place, typed):
        found = await uow.messages.get(community, name)
        if found is not None:
            return found
        card = await lookups.insight_of_card(scope, name)
        if card is not None:
            return card
    if typed.startswith("#") or (typed.isdigit() and len(typed) < 7):
        return await lookups.insight(scope, typed)
    raise scope.refused("refused.no_message", typed)


async def _message(asked: Invocation, message: Message, lens: Lens) -> Answer:
    if message.deleted:
        raise Refused(asked.say("refused.message_deleted"))
    if not message.role.is_person:
        raise Refused(asked.say("refused.said_by_bot"))
    found = await explain(asked.context.uow, message, lens)
    return Answer(message_post(found, message.id, asked.context.texts))


async def _insight(asked: Invocation, insight: Insight, lens: Lens) -> Answer:
    return Answer(insight_post(await explain_insight(asked.context.uow, insight, lens), asked.context.texts))
