"""``/setup``: leads an admin through the first steps; see :mod:`dialogue.setting_up`."""

from dialogue.commands.declarations import Command, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.setting_up import guide
from knowledge_base.members import Role

COMMAND = Command("setup", "help.setup.noun", (Verb("show", "help.setup.show", Role.ADMIN),))


def noun() -> Noun:
    """The command with its handler."""

    async def show(asked: Invocation) -> Answer:
        return Answer(await guide(asked.context, asked.event.place.space))

    return Noun(COMMAND, {"show": show})
