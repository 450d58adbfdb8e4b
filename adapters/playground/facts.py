"""What happened in the playground, as it is kept: the closed union :data:`Fact`, one a line of the file.

Everything else (messages, reactions, what is still to be delivered) follows from the facts in their order.
Times are UTC. ``id`` of a message is unique in the space.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from dialogue.posts import Button, Choices
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId
from knowledge_base.members import Role


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A heading or a paragraph, as the page shows it."""

    type: Literal["heading", "paragraph"]
    text: str


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """Somebody's words, with a link to them."""

    text: str
    author: str
    link: str | None = None
    type: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class FactsBlock:
    """Labels with their values."""

    facts: tuple[tuple[str, str], ...]
    type: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class ButtonsBlock:
    """A row of buttons."""

    buttons: tuple[Button, ...]
    type: Literal["buttons"] = "buttons"


@dataclass(frozen=True, slots=True)
class MenuBlock:
    """A list to choose from, up to ``most`` things; ``selected``: what is chosen now."""

    label: str
    custom_id: str
    choices: Choices
    most: int = 1
    selected: tuple[str, ...] = ()
    type: Literal["menu"] = "menu"


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A PNG picture (base64), and what it shows in words."""

    png: str = field(repr=False)
    alt: str
    type: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """A file (base64) to be kept by whoever reads it. ``kind``: as in MIME."""

    name: str
    kind: str
    content: str = field(repr=False)
    type: Literal["document"] = "document"


Block = Annotated[
    TextBlock | QuoteBlock | FactsBlock | ButtonsBlock | MenuBlock | PictureBlock | DocumentBlock,
    Field(discriminator="type"),
]


@dataclass(frozen=True, slots=True)
class Handle:
    """By what an interaction can be answered, until when."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came who was not there before."""

    account: AccountId
    name: str
    at: datetime
    role: Role = Role.CUSTOMER
    type: Literal["joined"] = "joined"


@dataclass(frozen=True, slots=True)
class Said:
    """A person said something."""

    id: PlatformMessageId
    channel: ChannelId
    author: AccountId
    text: str
    at: datetime
    thread: PlatformMessageId | None = None
    reply_to: PlatformMessageId | None = None
    type: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Changed:
    """A person changed what they had said. ``version`` counts within the space."""

    message: PlatformMessageId
    text: str
    version: str
    at: datetime
    type: Literal["changed"] = "changed"


@dataclass(frozen=True, slots=True)
class Removed:
    """A message was deleted."""

    message: PlatformMessageId
    at: datetime
    type: Literal["removed"] = "removed"


@dataclass(frozen=True, slots=True)
class Reacted:
    """A person put an emoji on a message, or took it back."""

    id: str
    message: PlatformMessageId
    by: AccountId
    emoji: str
    present: bool
    at: datetime
    type: Literal["reacted"] = "reacted"


@dataclass(frozen=True, slots=True)
class Commanded:
    """A person gave a command; ``message`` where it came from that message's menu."""

    id: str
    channel: ChannelId
    by: AccountId
    noun: str
    verb: str
    options: dict[str, str]
    handle: Handle
    at: datetime
    message: PlatformMessageId | None = None
    type: Literal["commanded"] = "commanded"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button of the bot's message."""

    id: str
    message: PlatformMessageId
    by: AccountId
    custom_id: str
    handle: Handle
    at: datetime
    type: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person chose channels from a menu of the bot's message: all that is chosen now."""

    id: str
    message: PlatformMessageId
    by: AccountId
    custom_id: str
    selected: tuple[ChannelId, ...]
    handle: Handle
    at: datetime
    type: Literal["chosen"] = "chosen"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A person sent a form."""

    id: str
    channel: ChannelId
    by: AccountId
    custom_id: str
    values: dict[str, str]
    handle: Handle
    at: datetime
    type: Literal["submitted"] = "submitted"


@dataclass(frozen=True, slots=True)
class Posted:
    """The bot said something, for ``to`` alone where given. ``key`` names the effect."""

    key: str
    id: PlatformMessageId
    channel: ChannelId
    blocks: tuple[Block, ...]
    at: datetime
    thread: PlatformMessageId | None = None
    to: AccountId | None = None
    type: Literal["posted"] = "posted"


@dataclass(frozen=True, slots=True)
class Reshown:
    """The bot changed what its message shows."""

    key: str
    message: PlatformMessageId
    blocks: tuple[Block, ...]
    at: datetime
    type: Literal["reshown"] = "reshown"


@dataclass(frozen=True, slots=True)
class Marked:
    """The bot put an emoji on a message, or took it back."""

    key: str
    message: PlatformMessageId
    emoji: str
    present: bool
    type: Literal["marked"] = "marked"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Everything up to fact number ``upto`` has been accepted by the bot."""

    upto: int
    type: Literal["delivered"] = "delivered"


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The playground's clock now goes this many seconds before the machine's."""

    seconds: float
    type: Literal["clock_moved"] = "clock_moved"


@dataclass(frozen=True, slots=True)
class TourStepped:
    """The tour has come to its step number ``step``. ``names``: its steps' names and the messages they became."""

    step: int
    names: dict[str, PlatformMessageId]
    type: Literal["tour_stepped"] = "tour_stepped"


Fact = (
    Joined
    | Said
    | Changed
    | Removed
    | Reacted
    | Commanded
    | Pressed
    | Chosen
    | Submitted
    | Posted
    | Reshown
    | Marked
    | Delivered
    | ClockMoved
    | TourStepped
)

FACTS: Final = TypeAdapter[Fact](Annotated[Fact, Field(discriminator="type")])
"""Reads and writes one fact as JSON."""
