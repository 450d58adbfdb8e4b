"""``/help``: what the bot is, and what the asker may ask of it."""

from collections.abc import Sequence

from dialogue.acts import as_permitted, offered_to
from dialogue.commands.declarations import DEFAULT, Command, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.members import Role

COMMAND = Command("help", "help.help.noun", (Verb("show", "help.help.show", Role.CUSTOMER, shortcut="shortcut.help"),))


def noun(commands: Sequence[Command]) -> Noun:
    """The command with its handler, which tells of ``commands``."""

    async def show(asked: Invocation) -> Answer:
        role, texts = asked.event.actor.role, asked.context.texts
        chosen = await asked.context.uow.permissions.of(asked.context.community)
        facts = [
            Fact(texts.command(command.noun), _told(asked.say(command.help), command.verbs))
            for command in offered_to(role, as_permitted(commands, chosen))
        ]
        return Answer(Post((Paragraph(asked.say("help.about")), Facts(tuple(facts)))))

    return Noun(COMMAND, {"show": show})


def _told(what: str, verbs: Sequence[Verb]) -> str:
    """What a command is about, and what may follow its name."""
    names = [verb.name for verb in verbs if verb.name != DEFAULT or verb.options or len(verbs) > 1]
    return f"{what}: {', '.join(names)}" if names else what
