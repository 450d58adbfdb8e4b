"""What the page says to the server: the closed union :data:`Frame`. ``id`` comes back with the answer."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId


@dataclass(frozen=True, slots=True)
class Say:
    """Post a message."""

    id: int
    by: AccountId
    channel: ChannelId
    text: str
    thread: PlatformMessageId | None = None
    reply_to: PlatformMessageId | None = None
    type: Literal["say"] = "say"


@dataclass(frozen=True, slots=True)
class Change:
    """Change what was said."""

    id: int
    by: AccountId
    message: PlatformMessageId
    text: str
    type: Literal["change"] = "change"


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a message."""

    id: int
    by: AccountId
    message: PlatformMessageId
    type: Literal["remove"] = "remove"


@dataclass(frozen=True, slots=True)
class React:
    """Put an emoji on a message, or take it back."""

    id: int
    by: AccountId
    message: PlatformMessageId
    emoji: str
    type: Literal["react"] = "react"


@dataclass(frozen=True, slots=True)
class Command:
    """Give a command."""

    id: int
    by: AccountId
    channel: ChannelId
    noun: str
    verb: str
    options: dict[str, str] = field(default_factory=dict)
    message: PlatformMessageId | None = None
    type: Literal["command"] = "command"


@dataclass(frozen=True, slots=True)
class Complete:
    """What could be meant by what was typed into an option so far?"""

    id: int
    by: AccountId
    noun: str
    verb: str
    option: str
    typed: str
    type: Literal["complete"] = "complete"


@dataclass(frozen=True, slots=True)
class Press:
    """Press a button; the answer may be a form to fill in."""

    id: int
    by: AccountId
    message: PlatformMessageId
    custom_id: str
    type: Literal["press"] = "press"


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose channels from a menu: all that shall be chosen now."""

    id: int
    by: AccountId
    message: PlatformMessageId
    custom_id: str
    selected: tuple[ChannelId, ...]
    type: Literal["choose"] = "choose"


@dataclass(frozen=True, slots=True)
class Submit:
    """Send a form; the answer may be what is wrong with it."""

    id: int
    by: AccountId
    channel: ChannelId
    custom_id: str
    values: dict[str, str]
    type: Literal["submit"] = "submit"


@dataclass(frozen=True, slots=True)
class Why:
    """What was understood of this message? From now on it is looked at again whenever something happens."""

    id: int
    message: PlatformMessageId
    type: Literal["why"] = "why"


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody new comes in."""

    id: int
    name: str
    type: Literal["join"] = "join"


@dataclass(frozen=True, slots=True)
class MoveClock:
    """Go to next Monday morning."""

    id: int
    type: Literal["move_clock"] = "move_clock"


class TourControl(StrEnum):
    """What the tour shall do."""

    PLAY = "play"
    PAUSE = "pause"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class ControlTour:
    """Let the tour go on, wait, or begin again."""

    id: int
    do: TourControl
    type: Literal["tour"] = "tour"


Frame = (
    Say | Change | Remove | React | Command | Complete | Press | Choose | Submit | Why | Join | MoveClock | ControlTour
)

FRAMES: Final = TypeAdapter[Frame](Annotated[Frame, Field(discriminator="type")])
"""Reads one frame from JSON."""
LONGEST_FRAME: Final = 300_000
"""Characters; the longest message fits, even with every character escaped."""
