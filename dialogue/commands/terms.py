"""``/terms``: on what terms people give what they know, in plain words, version after version."""

from typing import Final

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Paragraph, Post
from knowledge_base.members import Role

MOST: Final = 2000
"""Characters of one version: so much can be shown at once everywhere."""

_VERSION = Option("version", OptionType.TEXT, "help.option.terms_version", required=False)
_TEXT = Option("text", OptionType.TEXT, "help.option.terms_text", limit=MOST)

COMMAND = Command(
    "terms",
    "help.terms.noun",
    (
        Verb("show", "help.terms.show", Role.CUSTOMER, (_VERSION,)),
        Verb("publish", "help.terms.publish", Role.ADMIN, (_TEXT,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "publish": _publish})


async def _show(asked: Invocation) -> Answer:
    versions = await asked.context.uow.terms.versions(asked.context.community)
    if not versions:
        return asked.answer("terms.none")
    typed = asked.given("version")
    shown = versions[-1] if typed is None else next((one for one in versions if str(one.version) == typed), None)
    if shown is None:
        raise Refused(asked.say("refused.no_terms", {"typed": typed or "", "last": versions[-1].version}))
    places: dict[str, str | int] = {
        "version": shown.version,
        "last": versions[-1].version,
        "day": shown.at.date().isoformat(),
    }
    return Answer(Post((Paragraph(asked.say("terms.version", places)), Paragraph(shown.text))))


async def _publish(asked: Invocation) -> Answer:
    context = asked.context
    await context.uow.communities.lock(context.community)
    published = await context.uow.terms.publish(context.community, asked.needed("text"), asked.member.id, context.now)
    return asked.answer("terms.published", {"version": published.version})
