"""``/me``: what came of what I gave."""

from dialogue.actions import Page, RecognitionOf
from dialogue.commands.declarations import Command, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from knowledge_base.members import Role

COMMAND = Command("me", "help.me.noun", (Verb("show", "help.me.show", Role.CUSTOMER),))


def noun() -> Noun:
    """The command with its handler."""
    return Noun(COMMAND, {"show": _show})


async def _show(asked: Invocation) -> Answer:
    return Answer(RecognitionOf(Page.OWN, asked.member.id, asked.context.now))
