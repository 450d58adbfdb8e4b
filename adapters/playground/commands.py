"""The declared commands as the page's prompt shows them, for each role what it may use."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.texts.catalogue import Texts
from knowledge_base.members import Role


@dataclass(frozen=True, slots=True)
class OptionView:
    """An option, its help in words."""

    name: str
    type: OptionType
    help: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerbView:
    """A verb; ``menu``: what it is called in a message's menu, if it stands there."""

    name: str
    help: str
    options: tuple[OptionView, ...]
    menu: str | None


@dataclass(frozen=True, slots=True)
class CommandView:
    """A noun with the verbs that may be used."""

    noun: str
    help: str
    verbs: tuple[VerbView, ...]


def offered(commands: Sequence[Command], texts: Texts) -> dict[Role, Sequence[CommandView]]:
    """For each role of a person, the commands it may use."""
    return {
        role: [view for command in commands if (view := _command(command, role, texts)).verbs]
        for role in Role
        if role.is_person
    }


def _command(command: Command, role: Role, texts: Texts) -> CommandView:
    verbs = tuple(_verb(verb, texts) for verb in command.verbs if role.may(verb.who))
    return CommandView(command.noun, texts.say(command.help), verbs)


def _verb(verb: Verb, texts: Texts) -> VerbView:
    options = tuple(_option(option, texts) for option in verb.options)
    return VerbView(verb.name, texts.say(verb.help), options, texts.say(verb.menu) if verb.menu else None)


def _option(option: Option, texts: Texts) -> OptionView:
    return OptionView(option.name, option.type, texts.say(option.help), option.required, option.choices)
