"""Auditing: every act of staff and admins leaves an entry, written where all events are handed out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.acts import act_named, acts_of, needs
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.events import ButtonPressed, CommandInvoked, FormSubmitted, Interaction, OptionsSelected
from knowledge_base.audit import Granted
from knowledge_base.members import Role

_NAMES: Final = frozenset(set(OptionType) - {OptionType.TEXT, OptionType.MEMBER})
"""Options that name something of ours; any other may hold what somebody wrote, or somebody's name."""

_ONE_WORD: Final = re.compile(r"\S{1,200}")
"""Names of channels, messages, insights and routes. Whatever was typed in place of one is not kept."""

_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody asked for, on what, and whether their role is enough."""

    deed: str
    about: str
    granted: Granted


class Auditor:
    """Tells which interactions are acts of staff and admins: commands that customers may not give, and whatever others
    than customers press, choose or send. So it is with commands that only show something, for they show what customers
    said.
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        self._verbs: Mapping[tuple[str, str], Verb] = {
            (command.noun, verb.name): verb for command in commands for verb in command.verbs
        }

    def act(self, event: Interaction, chosen: Mapping[str, Role]) -> Act | None:
        """What is to be noted of it, or None for what concerns nobody but who did it. ``chosen``: what acts need."""
        if isinstance(event, CommandInvoked):
            verb = self._verbs.get((event.noun, event.verb))
            return self._given(event, verb, chosen) if verb is not None and verb.who is not Role.CUSTOMER else None
        return _pressed(event, chosen) if event.actor.role.may(Role.TRUSTED) else None

    def _given(self, event: CommandInvoked, verb: Verb, chosen: Mapping[str, Role]) -> Act:
        named = [f"{option.name}={event.options[option.name]}" for option in verb.options if self._names(option, event)]
        if event.message is not None:
            named.append(f"message={event.message}")
        needed = needs(acts_of(event), verb.who, chosen)
        granted = Granted.YES if event.actor.role.may(needed) else Granted.NO
        return Act(f"/{event.noun} {event.verb}", " ".join(named)[:_LONGEST], granted)

    def _names(self, option: Option, event: CommandInvoked) -> bool:
        typed = event.options.get(option.name, "")
        if option.type is OptionType.COMMAND:
            noun, _, verb = act_named(typed).partition(" ")
            return (noun, verb) in self._verbs
        return option.type in _NAMES and _ONE_WORD.fullmatch(typed) is not None


def _pressed(event: ButtonPressed | OptionsSelected | FormSubmitted, chosen: Mapping[str, Role]) -> Act:
    deed, _, about = event.custom_id.partition(":")
    subject = about.partition(":")[0]
    picked = [one.id for one in event.selected] if isinstance(event, OptionsSelected) else []
    needed = needs(acts_of(event), Role.TRUSTED, chosen)
    granted = Granted.YES if event.actor.role.may(needed) else Granted.NO
    return Act(deed[:_LONGEST], " ".join([subject, *picked]).strip()[:_LONGEST], granted)
