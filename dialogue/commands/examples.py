"""``like:`` of a route: a sentence, or the number of an insight, and how it is told."""

from typing import Final

from dialogue.commands.declarations import Option, OptionType
from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused
from dialogue.models import LanguageIdentifier
from knowledge_base.conditions import Example
from knowledge_base.speech import readable

OPTION: Final = Option("like", OptionType.TEXT, "help.option.route_like", required=False)


async def read_example(asked: Invocation, identifier: LanguageIdentifier) -> Example | None:
    """What was typed. Raises Refused for an insight that there is not, and for a sentence without words."""
    typed = asked.given("like")
    if typed is None:
        return None
    if typed.removeprefix("#").isdecimal():
        return Example(insight=(await asked.insight("like")).id)
    said = readable(typed)
    if not any(letter.isalpha() for letter in said):
        raise Refused(asked.say("refused.no_example"))
    return Example(typed, identifier.identify(said))


async def told_example(asked: Invocation, example: Example) -> str:
    """An example as a route's line names it."""
    if example.insight is None:
        return asked.say("route.sentence", {"text": example.text})
    known = await asked.context.uow.insights.get(asked.context.community, example.insight)
    return asked.say("route.lost_insight") if known is None else f"#{known.number}"
