"""What happened, free of any platform: the closed union :data:`Event`, in the past tense.

Adapters make events, the inbox keeps them, handlers judge them. An event carries all it needs: who did it (``Actor``)
and where (``Place``), as the platform told it at that moment.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType

from knowledge_base.carried import carried
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role

Lane = NewType("Lane", str)
"""Where order holds: a space and a parent channel, with its threads: ``space/channel``."""


@carried
@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: the platform's account, the name shown there, and the role held there.

    ``groups``: the platform's ids of the roles or user groups held there, by which admins say who is staff
    (:func:`dialogue.people.as_chosen`); of no use after that. ``tier``: what kind of customer they make them, empty for
    none; None where the platform told of no groups.
    """

    account: AccountId
    name: str
    role: Role
    groups: tuple[str, ...] = ()
    tier: str | None = None


@carried
@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened. ``channel`` is the parent channel, ``thread`` the root message within it, if any.

    ``audience`` and ``shared`` are what the platform says; an admin's choice goes before ``audience``.
    ``direct``: it is between one person and the bot alone.
    """

    space: SpaceId
    channel: ChannelId
    name: str
    audience: Audience
    shared: Shared = Shared.NO
    thread: PlatformMessageId | None = None
    direct: bool = False

    @property
    def lane(self) -> Lane:
        """The lane in which this is ordered."""
        return Lane(f"{self.space}/{self.channel}")


@dataclass(frozen=True, slots=True)
class ReplyHandle:
    """The platform's token by which an interaction is answered, until it expires (UTC). Stored encrypted only."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message, by name and media type only."""

    name: str
    type: str


@carried
@dataclass(frozen=True, slots=True)
class MessagePosted:
    """Somebody said something. ``live`` is false for history: captured, never answered.

    ``deleted``: all that a history still tells is that it was there; its text is empty. ``labels``: by what the
    platform itself sorts it, as by a forum's tags, in their names there.
    """

    place: Place
    actor: Actor
    message: PlatformMessageId
    text: str
    at: datetime
    reply_to: PlatformMessageId | None = None
    link: str | None = None
    live: bool = True
    deleted: bool = False
    attachments: tuple[Attachment, ...] = ()
    labels: tuple[str, ...] = ()
    type: Literal["message_posted"] = "message_posted"


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """Somebody changed what they said.

    ``version`` is the platform's mark of this edit: a longer one, or of equally long ones the one that sorts later, is
    of a later edit, as with counters and timestamps.
    """

    place: Place
    actor: Actor
    message: PlatformMessageId
    text: str
    version: str
    at: datetime
    type: Literal["message_edited"] = "message_edited"


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message is gone. Who removed it is not always known."""

    place: Place
    message: PlatformMessageId
    at: datetime
    type: Literal["message_deleted"] = "message_deleted"


@dataclass(frozen=True, slots=True)
class ReactionAdded:
    """Somebody put an emoji (by name, no colons) on a message. ``id``: the platform's event id, or a fresh one."""

    place: Place
    actor: Actor
    message: PlatformMessageId
    emoji: str
    id: str
    at: datetime
    type: Literal["reaction_added"] = "reaction_added"


@dataclass(frozen=True, slots=True)
class ReactionRemoved:
    """Somebody took an emoji back."""

    place: Place
    actor: Actor
    message: PlatformMessageId
    emoji: str
    id: str
    at: datetime
    type: Literal["reaction_removed"] = "reaction_removed"


@dataclass(frozen=True, slots=True)
class CommandInvoked:
    """Somebody gave a command, by name or from a message's menu (then ``message`` is that message).

    ``options`` are as typed; the declaration says which are needed.
    """

    place: Place
    actor: Actor
    id: str
    noun: str
    verb: str
    options: dict[str, str]
    handle: ReplyHandle
    at: datetime
    message: PlatformMessageId | None = None
    type: Literal["command_invoked"] = "command_invoked"


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """Somebody pressed a button on our post ``message``."""

    place: Place
    actor: Actor
    id: str
    custom_id: str
    message: PlatformMessageId
    handle: ReplyHandle
    at: datetime
    type: Literal["button_pressed"] = "button_pressed"


@dataclass(frozen=True, slots=True)
class Selected:
    """One of the things that were chosen from a menu: the platform's id, and what it is called there."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OptionsSelected:
    """Somebody chose from a menu on our post ``message``: all that is chosen now.

    Where channels are chosen, the adapter tells what each is by a :class:`ChannelChanged` before this.
    """

    place: Place
    actor: Actor
    id: str
    custom_id: str
    selected: tuple[Selected, ...]
    message: PlatformMessageId
    handle: ReplyHandle
    at: datetime
    type: Literal["options_selected"] = "options_selected"


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """Somebody sent a form; ``values`` by field name."""

    place: Place
    actor: Actor
    id: str
    custom_id: str
    values: dict[str, str]
    handle: ReplyHandle
    at: datetime
    type: Literal["form_submitted"] = "form_submitted"


@dataclass(frozen=True, slots=True)
class ChannelChanged:
    """A channel has another name, or other people can read it; ``place`` tells how it is now.

    Adapters say so when their platform does. It is kept only where its readers have changed, and said by the door in
    itself where any other event's place shows that they have. ``id``: a fresh one.
    """

    place: Place
    id: str
    at: datetime
    type: Literal["channel_changed"] = "channel_changed"


@dataclass(frozen=True, slots=True)
class PlaceDeleted:
    """A thread, or where ``place`` names none a whole channel, is gone with all that was said there.

    ``after``: the place in its lane up to which all is forgotten already, for much may have been said; 0 at first.
    """

    place: Place
    at: datetime
    after: int = 0
    type: Literal["place_deleted"] = "place_deleted"


@dataclass(frozen=True, slots=True)
class PermissionMissing:
    """The bot was to do something and may not: ``permission`` is what it lacks, in the platform's words.

    It lacks it in a ``place``, or where that is None in the whole space.
    """

    space: SpaceId
    permission: str
    at: datetime
    place: Place | None = None
    type: Literal["permission_missing"] = "permission_missing"


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """Somebody came into the space, or has another name or other roles than before. ``id``: a fresh one.

    Kept only of people who are members already: of who never said anything nothing is stored.
    """

    space: SpaceId
    actor: Actor
    id: str
    at: datetime
    type: Literal["member_changed"] = "member_changed"


@dataclass(frozen=True, slots=True)
class ConsentWanted:
    """Somebody spoke whose words may not be kept before they say yes. Nothing of what they said is in it.

    Said by the door in, in communities that ask first.
    """

    space: SpaceId
    account: AccountId
    at: datetime
    type: Literal["consent_wanted"] = "consent_wanted"


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A schedule fell due. ``window`` names the occasion, so that one occasion fires once."""

    space: SpaceId
    schedule: str
    window: str
    at: datetime
    type: Literal["timer_fired"] = "timer_fired"


Interaction = CommandInvoked | ButtonPressed | OptionsSelected | FormSubmitted
Acted = MessagePosted | MessageEdited | ReactionAdded | ReactionRemoved | Interaction | MemberChanged
"""What somebody did, or was told of."""
Placeless = ConsentWanted | MemberChanged | TimerFired
"""What happens in a space, in no channel of it."""
Event = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | ReactionAdded
    | ReactionRemoved
    | CommandInvoked
    | ButtonPressed
    | OptionsSelected
    | FormSubmitted
    | ChannelChanged
    | PlaceDeleted
    | PermissionMissing
    | MemberChanged
    | ConsentWanted
    | TimerFired
)


def place_of(event: Event) -> Place | None:
    """Where an event happened; None for what happened in no channel."""
    return None if isinstance(event, Placeless) else event.place


def space_of(event: Event) -> SpaceId:
    """The space an event belongs to."""
    return event.space if isinstance(event, Placeless | PermissionMissing) else event.place.space


def lane_of(event: Event) -> Lane:
    """The lane an event is ordered in; what has no place has one of its own per space."""
    place = place_of(event)
    return place.lane if place is not None else Lane(f"{space_of(event)}/")


def dedupe_key(event: Event) -> str:
    """The key under which an event counts once within its space, however often it is delivered."""
    match event:
        case MessagePosted():
            return f"new:{event.place.channel}:{event.message}"
        case MessageEdited():
            return f"edit:{event.place.channel}:{event.message}:{event.version}"
        case MessageDeleted():
            return f"del:{event.place.channel}:{event.message}"
        case ReactionAdded() | ReactionRemoved() | ChannelChanged() | MemberChanged():
            return f"{event.type}:{event.id}"
        case CommandInvoked() | ButtonPressed() | OptionsSelected() | FormSubmitted():
            return f"interaction:{event.id}"
        case PlaceDeleted():
            return f"gone:{event.place.channel}:{event.place.thread or ''}:{event.after}"
        case PermissionMissing():
            return f"missing:{event.place.channel if event.place else ''}:{event.permission}"
        case ConsentWanted():
            return f"consent:{event.account}"
        case TimerFired():
            return f"timer:{event.schedule}:{event.window}"
