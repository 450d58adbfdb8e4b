"""The declared commands as Discord's application commands: a noun is a command, its verbs are subcommands.

A noun whose only verb is the default one has no subcommands: ``/help``. Verbs with a menu also stand in every message's
menu. Who may use what is decided by the bot, because roles of a server are mapped to its own.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.discord.payload import Payload, children, number, optional_text
from dialogue.commands.declarations import DEFAULT, Command, Option, Verb
from dialogue.texts.catalogue import Texts

HELP: Final = 100
MENU_NAME: Final = 32
_SLASH, _MESSAGE_MENU = 1, 3
_SUBCOMMAND, _STRING = 1, 3


def payload_of(commands: Sequence[Command], texts: Texts) -> list[dict[str, object]]:
    """Every command and menu entry, as Discord is given them all at once."""
    slash = [_command(command, texts) for command in commands]
    menus: list[dict[str, object]] = [
        {"name": name, "type": _MESSAGE_MENU, "contexts": [0]} for name in menus_of(commands, texts)
    ]
    return slash + menus


def menus_of(commands: Sequence[Command], texts: Texts) -> Mapping[str, tuple[str, str]]:
    """Noun and verb by what their entry in a message's menu is called."""
    return {
        texts.say(verb.menu)[:MENU_NAME]: (command.noun, verb.name)
        for command in commands
        for verb in command.verbs
        if verb.menu
    }


def menu_forms_of(commands: Sequence[Command], texts: Texts) -> Mapping[str, str]:
    """The form that opens, by what the entry in a message's menu is called that opens it."""
    return {
        texts.say(verb.menu)[:MENU_NAME]: verb.form
        for command in commands
        for verb in command.verbs
        if verb.menu and verb.form
    }


def same(ours: Sequence[Payload], theirs: Sequence[Payload]) -> bool:
    """Whether Discord has exactly these commands: what it adds by itself (ids, versions, defaults) is left aside."""
    return sorted(map(_essence, ours)) == sorted(map(_essence, theirs))


def _command(command: Command, texts: Texts) -> dict[str, object]:
    alone = len(command.verbs) == 1 and command.verbs[0].name == DEFAULT
    options = _options(command.verbs[0], texts) if alone else [_verb(verb, texts) for verb in command.verbs]
    return {
        "name": command.noun,
        "type": _SLASH,
        "description": texts.say(command.help)[:HELP],
        "options": options,
        "contexts": [0],
    }


def _verb(verb: Verb, texts: Texts) -> dict[str, object]:
    return {
        "name": verb.name,
        "type": _SUBCOMMAND,
        "description": texts.say(verb.help)[:HELP],
        "options": _options(verb, texts),
    }


def _options(verb: Verb, texts: Texts) -> list[dict[str, object]]:
    """Discord wants those that are needed first."""
    return [_option(option, texts) for option in sorted(verb.options, key=lambda option: not option.required)]


def _option(option: Option, texts: Texts) -> dict[str, object]:
    shown: dict[str, object] = {
        "name": option.name,
        "type": _STRING,
        "description": texts.say(option.help)[:HELP],
        "required": option.required,
    }
    if option.choices:
        shown["choices"] = [{"name": name, "value": name} for name in map(str, option.choices)]
    elif option.type.is_completed:
        shown["autocomplete"] = True
    return shown


def _essence(shown: Payload) -> str:
    """What people see of a command or option, in one form whoever wrote it down."""
    choices = [(each.get("name"), each.get("value")) for each in children(shown, "choices")]
    parts = (
        optional_text(shown, "name"),
        number(shown, "type", _SLASH),
        optional_text(shown, "description") or "",
        shown.get("required") is True,
        shown.get("autocomplete") is True,
        choices,
        _contexts(shown),
        [_essence(option) for option in children(shown, "options")],
    )
    return repr(parts)


def _contexts(shown: Payload) -> Sequence[str]:
    """Where a command can be given; an option has none of its own."""
    told = shown.get("contexts")
    return sorted(map(str, told)) if isinstance(told, list) else ()
