"""``/help``: what the bot is, and what the asker may ask of it."""

from collections.abc import Sequence

from dialogue.commands.declarations import DEFAULT, Command, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.texts.catalogue import Texts
from knowledge_base.members import Role

COMMAND = Command("help", "help.help.noun", (Verb("show", "help.help.show", Role.CUSTOMER, shortcut="shortcut.help"),))


def noun(commands: Sequence[Command]) -> Noun:
    """The command with its handler, which tells of ``commands``."""

    async def show(asked: Invocation) -> Answer:
        role = asked.event.actor.role
        facts = tuple(
            Fact(_spelt(command, verb, asked.context.texts), asked.say(verb.help))
            for command in commands
            for verb in command.verbs
            if role.may(verb.who)
        )
        return Answer(Post((Paragraph(asked.say("help.about")), Facts(facts))))

    return Noun(COMMAND, {"show": show})


def _spelt(command: Command, verb: Verb, texts: Texts) -> str:
    alone = verb.name == DEFAULT and not verb.options
    return texts.command(command.noun if alone else f"{command.noun} {verb.name}")
