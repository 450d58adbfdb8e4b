"""What the bot shows, free of any platform: a post is a list of blocks; adapters render them.

Our own texts are ``str``. What somebody else said is :class:`Words`, which carry where they were said, so that the
fence can decide whether they may appear at the destination. Nothing else may hold a customer's text.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from knowledge_base.channels import Origin
from knowledge_base.ids import MemberId


@dataclass(frozen=True, slots=True)
class Words:
    """Somebody's own words and where they were said. ``private_allowed``: the author lets private words go inside."""

    text: str
    origin: Origin
    author: MemberId
    private_allowed: bool = False


Text = str | Words


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line of a post."""

    text: Text
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text."""

    text: Text
    type: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, by whom, and where to open it (an address, or None)."""

    words: Words
    author: Text
    link: str | None = None
    type: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with a value, for :class:`Facts`."""

    label: str
    value: Text


@dataclass(frozen=True, slots=True)
class Facts:
    """A short table of label and value."""

    facts: tuple[Fact, ...]
    type: Literal["facts"] = "facts"


class Emphasis(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. ``custom_id``: see :func:`dialogue.custom_ids.custom_id`."""

    label: str
    custom_id: str
    emphasis: Emphasis = Emphasis.PLAIN


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons."""

    buttons: tuple[Button, ...]
    type: Literal["buttons"] = "buttons"


class Choices(StrEnum):
    """What a menu lets people choose from. The platform itself lists them."""

    CHANNELS = "channels"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Menu:
    """A list to choose from, up to ``most`` things; ``selected`` are the ids of those that are chosen now.

    ``label`` stands where nothing is chosen. What is chosen comes back as
    :class:`~dialogue.events.OptionsSelected` with ``custom_id``.
    """

    label: str
    custom_id: str
    choices: Choices
    most: int = 1
    selected: tuple[str, ...] = ()
    type: Literal["menu"] = "menu"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG picture, and what it shows in words, for who can't see it.

    Drawn where a post is composed that goes out at once (:mod:`dialogue.departing`); never stored.
    """

    png: bytes = field(repr=False)
    alt: str
    type: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Document:
    """A file for one member alone; the fence lets it out to nobody else. ``type``: as in MIME.

    ``instead`` is shown where a platform refuses the file. Made where a post is composed that goes out at once; never
    stored. Where a private answer can hold no file, it comes beside it, as a direct message.
    """

    name: str
    type: str
    content: bytes = field(repr=False)
    owner: MemberId
    instead: str


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that works for whoever has it, such as a code: for one member alone, and shown as it is, unmasked.

    The fence lets it out to nobody else. Read where a post is composed that goes out at once; never stored.
    """

    text: str = field(repr=False)
    owner: MemberId
    type: Literal["secret"] = "secret"


Block = Heading | Paragraph | Quote | Facts | Buttons | Menu | Picture | Document | Secret


@dataclass(frozen=True, slots=True)
class Post:
    """Blocks from top to bottom."""

    blocks: tuple[Block, ...]


class FieldType(StrEnum):
    """What a form's field takes."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of what a form lets people choose from: ``value`` comes back, within 100 characters and on one line."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; ``limit`` in characters of what is typed.

    Of a choice, up to ``most`` of the ``alternatives`` (1 to 25) can be chosen; its value is theirs, each on a line.
    """

    name: str
    label: str
    type: FieldType = FieldType.LINE
    required: bool = True
    limit: int = 300
    value: str = ""
    alternatives: tuple[Alternative, ...] = ()
    most: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """A small dialogue window: its ``custom_id`` comes back with the values."""

    custom_id: str
    title: str
    fields: tuple[Field, ...]
    submit: str


def chosen(value: str) -> tuple[str, ...]:
    """The values of the alternatives that were chosen, from a choice's value."""
    return tuple(value.splitlines())


def plain(text: str) -> Post:
    """A post of one paragraph of our own text."""
    return Post((Paragraph(text),))
