"""``/permission``: which role each command needs, and the buttons that do the same."""

from collections.abc import Mapping, Sequence
from typing import Final

from dialogue.acts import act_named
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.permitting import refuse_unless_choosable
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.members import Role

USUAL: Final = "usual"
"""What takes a choice back."""

COMMAND = Command(
    "permission",
    "help.permission.noun",
    (
        Verb("list", "help.permission.list", Role.ADMIN),
        Verb(
            "set",
            "help.permission.set",
            Role.ADMIN,
            (
                Option("command", OptionType.COMMAND, "help.option.permission_command"),
                Option(
                    "role",
                    OptionType.CHOICE,
                    "help.option.permission_role",
                    choices=(Role.TRUSTED.value, Role.STAFF.value, Role.ADMIN.value, USUAL),
                ),
            ),
        ),
    ),
)


def noun(commands: Sequence[Command]) -> Noun:
    """The command with its handlers, for ``commands``."""
    known: Mapping[str, Command] = {command.noun: command for command in commands}

    async def choose(asked: Invocation) -> Answer:
        of, _, verb = act_named(asked.needed("command")).partition(" ")
        role = None if asked.needed("role") == USUAL else Role(asked.needed("role"))
        usual = refuse_unless_choosable(known.get(of), verb, role, asked.context.texts)
        chosen = None if role is usual else role
        await asked.context.uow.permissions.choose(asked.context.community, f"{of} {verb}", chosen)
        who = asked.say(f"role.{role or usual}")
        return asked.answer("permission.set", {"act": asked.context.texts.command(f"{of} {verb}"), "role": who})

    return Noun(COMMAND, {"list": _list, "set": choose})


async def _list(asked: Invocation) -> Answer:
    chosen = await asked.context.uow.permissions.of(asked.context.community)
    if not chosen:
        return asked.answer("permission.usual")
    facts = tuple(Fact(asked.context.texts.command(act), asked.say(f"role.{role}")) for act, role in chosen.items())
    return Answer(Post((Paragraph(asked.say("permission.all")), Facts(facts))))
