"""Acts: what commands, buttons and forms do, under one name, such as ``insight ship``; and the role that each needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Final

from dialogue.bridging.verbs import ANSWER
from dialogue.card_buttons import INTO, KINDS, NOTE, TAKE_BACK
from dialogue.closing.verbs import EDIT, NOT_NOW, SEND, TELL
from dialogue.commands.declarations import Command
from dialogue.events import CommandInvoked, Interaction
from dialogue.regrouping.verbs import DIFFER, MERGE, UNDO
from dialogue.rewarding.verbs import CODES
from dialogue.signs.verbs import FOR_A_WEEK, FOR_GOOD, HEAR
from knowledge_base.members import Role
from knowledge_base.statuses import Decision

TAGGING: Final = "tag add"
"""What a reaction, or a reply that names the bot, does as well."""

FIXED: Final = frozenset({"setup", "community", "channel", "welcome", "terms", "audit", "permission"})
"""Nouns that nobody can be given: they decide about who is staff, what is kept, and who may do what."""

_KIND: Final = "insight kind"
_NOTE: Final = f"insight {NOTE}"
_MERGE: Final = f"insight {MERGE}"
_TELL: Final = f"loop {TELL}"
_ASK: Final = f"insight {Decision.ASK}"

BY_BUTTON: Final[Mapping[str, tuple[str, ...]]] = {
    **{decision.value: (f"insight {decision}",) for decision in Decision},
    **dict.fromkeys((MERGE, DIFFER, INTO), (_MERGE,)),
    UNDO: (f"insight {UNDO}",),
    TAKE_BACK: (f"insight {TAKE_BACK}",),
    **dict.fromkeys((SEND, EDIT, NOT_NOW), (_TELL,)),
    ANSWER: (_ASK,),
    **dict.fromkeys((KINDS, "kind"), (_KIND,)),
    NOTE: (_NOTE,),
    **dict.fromkeys((FOR_A_WEEK, FOR_GOOD), ("signs silence",)),
    HEAR: ("signs hear",),
    CODES: ("reward codes",),
    "tag": (TAGGING, _KIND, _NOTE),
}
"""By a button's or form's verb the commands that do the same; of several, what needs most counts."""


def acts_of(event: Interaction) -> tuple[str, ...]:
    """What somebody does by a command, a press, a choice or a form."""
    if isinstance(event, CommandInvoked):
        return (f"{event.noun} {event.verb}",)
    return acts_by(event.custom_id)


def acts_by(custom_id: str) -> tuple[str, ...]:
    """What a button or a form does; nothing for what no command does."""
    return BY_BUTTON.get(custom_id.split(":", 1)[0], ())


def act_named(typed: str) -> str:
    """The act that is meant by what was typed, whether there is one or not."""
    return " ".join(typed.removeprefix("/").casefold().split())


def needs(acts: Sequence[str], declared: Role, chosen: Mapping[str, Role]) -> Role:
    """The role that all of these acts need: what was chosen, or else what is declared."""
    return reduce(_higher, [chosen.get(act, declared) for act in acts]) if acts else declared


def as_permitted(commands: Sequence[Command], chosen: Mapping[str, Role]) -> Sequence[Command]:
    """The commands with what each verb needs in a community."""
    return [
        replace(
            command,
            verbs=tuple(
                replace(verb, who=needs((f"{command.noun} {verb.name}",), verb.who, chosen)) for verb in command.verbs
            ),
        )
        for command in commands
    ]


def choosable(commands: Sequence[Command]) -> Sequence[str]:
    """The acts of which admins can choose who may do them: none that everybody may do, and none of what is fixed."""
    return [
        f"{command.noun} {verb.name}"
        for command in commands
        for verb in command.verbs
        if command.noun not in FIXED and verb.who is not Role.CUSTOMER
    ]


def offered_to(role: Role, commands: Sequence[Command]) -> Sequence[Command]:
    """Those of these commands that somebody of that role may give, with those verbs alone."""
    theirs = [replace(one, verbs=tuple(verb for verb in one.verbs if role.may(verb.who))) for one in commands]
    return [command for command in theirs if command.verbs]


def _higher(one: Role, other: Role) -> Role:
    return one if one.may(other) else other
