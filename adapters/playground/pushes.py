"""What the server says to the page: the closed union :data:`Push`, and how it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from adapters.playground.cast import Person, Room
from adapters.playground.commands import CommandView
from adapters.playground.state import Message
from dialogue.posts import Form
from knowledge_base.ids import AccountId, PlatformMessageId
from knowledge_base.members import Role


@dataclass(frozen=True, slots=True)
class NearShown:
    """An insight near a message; ``distance`` from 0 (the same words) to 2, ``nearness`` what comes of it."""

    number: int
    kind: str
    title: str
    distance: float
    nearness: str


@dataclass(frozen=True, slots=True)
class BoundsShown:
    """Up to which distances is merged, where two words are the same, in two languages, and suggested; from which
    confidence on a message counts; ``learned`` here."""

    merge: float
    sharing: float
    across: float
    suggest: float
    voice: float
    learned: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """What the bot made of a message; ``kept`` false: (so far) nothing is kept of it.

    ``rules``: those of its kind; ``parent``: what spoke for the message it answers, the strongest first.
    """

    message: PlatformMessageId
    kept: bool
    kind: str = ""
    confidence: float = 0.0
    language: str = ""
    conversation: str = ""
    reply_to: PlatformMessageId | None = None
    rules: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    insight: int | None = None
    title: str = ""
    near: tuple[NearShown, ...] = ()
    bounds: BoundsShown | None = None
    routes: tuple[int, ...] = ()
    silent: str = ""
    type: Literal["understood"] = "understood"


class TourState(StrEnum):
    """How the tour is doing. ``waiting``: for a page to look at it."""

    WAITING = "waiting"
    PLAYING = "playing"
    PAUSED = "paused"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class TourShown:
    """The tour, ``step`` of ``steps`` steps on, and what there is to see."""

    state: TourState
    step: int
    steps: int
    caption: str
    type: Literal["tour"] = "tour"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Facts up to ``delivered`` have reached the bot; ``trouble`` says why later ones have not."""

    delivered: int
    trouble: str | None
    type: Literal["delivery"] = "delivery"


@dataclass(frozen=True, slots=True)
class ClockShown:
    """The playground's time (UTC), and how many seconds it goes before the machine's."""

    now: datetime
    ahead: float
    type: Literal["clock"] = "clock"


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody is here."""

    person: Person
    type: Literal["person"] = "person"


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message as it looks now; it may be new or have changed."""

    message: Message
    type: Literal["message"] = "message"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything, for a page that has just come."""

    bot: AccountId
    rooms: Sequence[Room]
    people: Sequence[Person]
    commands: dict[Role, Sequence[CommandView]]
    messages: Sequence[Message]
    understood: Sequence[Understood]
    delivery: Delivery
    clock: ClockShown
    tour: TourShown
    type: Literal["snapshot"] = "snapshot"


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One thing an option may be."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of frame ``id``. ``form``: fill this in; ``errors``: wrong fields with what is wrong."""

    id: int
    message: PlatformMessageId | None = None
    account: AccountId | None = None
    choices: Sequence[ChoiceView] = ()
    form: Form | None = None
    errors: dict[str, str] = field(default_factory=dict)
    type: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True)
class RefusedFrame:
    """Frame ``id`` (None where it could not be read) came to nothing; ``text`` says why."""

    id: int | None
    text: str
    type: Literal["refused"] = "refused"


Push = Snapshot | MessageShown | PersonShown | Delivery | ClockShown | TourShown | Understood | Answer | RefusedFrame

_PUSHES: Final = TypeAdapter[Push](Annotated[Push, Field(discriminator="type")])


def written(push: Push) -> str:
    """The frame as it goes over the wire."""
    return _PUSHES.dump_json(push).decode()
