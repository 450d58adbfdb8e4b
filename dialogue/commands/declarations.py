"""What a command is: a noun with verbs, options with types, and who may. Its answer is always private."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge_base.members import Role

TEXT_LIMIT = 300
"""The most characters of an option, unless it says otherwise."""

MOST_VERBS = 25
"""The most verbs that every platform can show under one noun."""


class OptionType(StrEnum):
    """What an option takes, and so how it is completed."""

    TEXT = "text"
    TAG = "tag"
    TEAM = "team"
    ROUTE = "route"
    INSIGHT = "insight"
    ANSWER = "answer"
    REWARD = "reward"
    GRANT = "grant"
    CHANNEL = "channel"
    MEMBER = "member"
    MESSAGE = "message"
    CHOICE = "choice"
    COMMAND = "command"

    @property
    def is_completed(self) -> bool:
        """Whether what may be meant is looked up while it is typed; a choice is offered whole."""
        return self not in (OptionType.TEXT, OptionType.MEMBER, OptionType.MESSAGE, OptionType.CHOICE)


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a verb. ``help`` is a key of the text catalogue; ``choices`` for :attr:`OptionType.CHOICE`.

    ``limit``: the most characters it may have.
    """

    name: str
    type: OptionType
    help: str
    required: bool = True
    choices: tuple[str, ...] = ()
    limit: int = TEXT_LIMIT


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing a command does. ``menu``: the catalogue key under which it also stands in every message's menu;

    then its option of type ``MESSAGE`` is that message. ``form``: the form that opens from there instead of acting at
    once (:func:`dialogue.custom_ids.about_message`). ``shortcut``: the key under which it can be called from anywhere,
    where a platform has a place for that.
    """

    name: str
    help: str
    who: Role
    options: tuple[Option, ...] = ()
    menu: str | None = None
    form: str | None = None
    shortcut: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A noun with its verbs. A verb named like :data:`DEFAULT` may be left out when typing."""

    noun: str
    help: str
    verbs: tuple[Verb, ...]

    def verb(self, name: str) -> Verb | None:
        """The verb of that name, or None."""
        return next((verb for verb in self.verbs if verb.name == name), None)


DEFAULT = "show"
"""The verb meant when none is given."""


@dataclass(frozen=True, slots=True)
class ButtonAction:
    """Something a button does: its verb (first part of the custom id), who may press it.

    ``form``: pressing it opens the form of that name (built at once by ``dialogue.interactions``) instead of acting.
    """

    verb: str
    who: Role
    form: str | None = None
