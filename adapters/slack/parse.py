"""Slack's events as the dialogue's: pure. None for what the bot is told nothing of; Malformed for what can't be read.

``message`` and ``app_mention`` of one post give the same event. A ``ts`` is unique within its channel only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from adapters.slack.api import Me
from adapters.slack.directory import Person, Room
from adapters.slack.fields import Table, rows, table, text
from adapters.slack.wording import link_to, mentioned, readable
from dialogue.events import (
    Actor,
    Attachment,
    ChannelChanged,
    Event,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    ReactionAdded,
    ReactionRemoved,
)
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role

SAID: Final = frozenset({"", "bot_message", "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages in which somebody says something; the others tell of joins, topics and the like."""
GRAVE: Final = "tombstone"
"""What is left of a deleted message that has replies."""
CONVERTED: Final = frozenset(
    f"{kind}_convert_to_{audience}" for kind in ("channel", "group") for audience in ("public", "private")
)
"""Subtypes of messages after which other people read a channel."""
KNOWN: Final = frozenset({"message", "app_mention", "reaction_added", "reaction_removed"})


class Malformed(Exception):
    """A payload lacks what its kind always has; the message names the kind."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a payload does not say itself: who we are, which channel this is, and who the people named in it are.

    ``rooms``: the channels that are named in it.
    """

    me: Me
    room: Room
    people: Mapping[str, Person]
    rooms: Mapping[str, Room] = field(default_factory=dict)


def channel_of(event: Table) -> str:
    """The channel an event is of; empty where it is of none."""
    # what was renamed is told as an object
    return text(event, "channel") or text(event, "channel", "id") or text(event, "item", "channel")


def users_of(event: Table) -> list[str]:
    """Everybody who has to be looked up to read an event: who did something, and who wrote what it is about.

    Of another app its message says everything.
    """
    users = [text(one, "user") for one in (event, table(event, "message")) if not text(one, "bot_id")]
    return [user for user in dict.fromkeys(users) if user]


def mentions_of(event: Table) -> list[str]:
    """Whose names make an event's text easier to read, if they can be had: others' are shown as Slack wrote them."""
    message = table(event, "message") or event
    return list(dict.fromkeys(mentioned(text(message, "text"))))


def tells_nothing(event: Table, me: Me) -> bool:
    """Whether this surely is no event to us, as can be seen without looking anybody up."""
    kind, subtype = text(event, "type"), text(event, "subtype")
    if kind in ("reaction_added", "reaction_removed"):
        return text(event, "user") == me.user
    if subtype == "message_changed":
        message = table(event, "message")
        return text(message, "subtype") != GRAVE and is_ours(message, me)
    if subtype == "message_deleted":
        return is_ours(table(event, "previous_message"), me)
    return subtype not in CONVERTED and (subtype not in SAID or is_ours(event, me))


def event_of(event: Table, event_id: str, around: Surroundings) -> Event | None:
    """The event that tells of this. Raises Malformed."""
    kind = text(event, "type")
    if kind not in KNOWN:
        return None
    if kind in ("reaction_added", "reaction_removed"):
        return _reacted(event, kind, event_id, around)
    match text(event, "subtype"):
        case "message_changed":
            return _changed(event, around)
        case "message_deleted":
            return _deleted(
                event, text(event, "deleted_ts"), table(event, "previous_message"), text(event, "ts"), around
            )
        case subtype if subtype in CONVERTED:
            at = moment(_needed(event, "ts", "message"))
            return ChannelChanged(place_of(channel_of(event), None, around), event_id, at)
        case subtype if subtype in SAID:
            return posted(event, text(event, "channel"), around)
        case _:
            return None


def posted(message: Table, channel: str, around: Surroundings, *, live: bool = True) -> MessagePosted | None:
    """A message somebody wrote; None for our own."""
    actor = _author(message, around)
    if actor is None:
        return None
    ts = _needed(message, "ts", "message")
    thread = thread_of(message)
    return MessagePosted(
        place_of(channel, thread, around),
        actor,
        PlatformMessageId(ts),
        readable(text(message, "text"), _names(around)),
        moment(ts),
        link=link_to(around.me.url, channel, ts, thread),
        live=live,
        attachments=tuple(
            Attachment(text(file, "name") or text(file, "title"), text(file, "mimetype"))
            for file in rows(message, "files")
        ),
    )


def edited(message: Table, channel: str, around: Surroundings) -> MessageEdited | None:
    """The last edit of a message as it stands; None where there was none, or it is our own."""
    version = text(message, "edited", "ts")
    actor = _author(message, around)
    if not version or actor is None:
        return None
    return MessageEdited(
        place_of(channel, thread_of(message), around),
        actor,
        PlatformMessageId(_needed(message, "ts", "message_changed")),
        readable(text(message, "text"), _names(around)),
        version,
        moment(version),
    )


def gone(message: Table, channel: str, around: Surroundings) -> MessageDeleted:
    """What a history still tells of a deleted root."""
    ts = _needed(message, "ts", GRAVE)
    return MessageDeleted(place_of(channel, None, around), PlatformMessageId(ts), moment(ts))


def place_of(channel: str, thread: str | None, around: Surroundings) -> Place:
    """A channel as the dialogue is told of it."""
    room = around.room
    return Place(
        SpaceId(around.me.team),
        ChannelId(channel),
        room.name or channel,
        room.audience,
        room.shared,
        PlatformMessageId(thread) if thread else None,
        room.direct,
    )


def actor_of(user: str, people: Mapping[str, Person]) -> Actor:
    """A user as the dialogue is told of them."""
    person = people.get(user) or Person(user, Role.CUSTOMER)
    return Actor(AccountId(user), person.name, person.role, person.groups)


def thread_of(message: Table) -> str | None:
    """The root of the thread a message is in; None for a root itself."""
    root = text(message, "thread_ts")
    return root if root and root != text(message, "ts") else None


def moment(ts: str) -> datetime:
    """When that was. Raises Malformed."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed("ts") from error


def _changed(event: Table, around: Surroundings) -> Event | None:
    """An edit, or the grave of a root. What Slack itself changes (previews of links) leaves the text as it is."""
    message, before = table(event, "message"), table(event, "previous_message")
    if not message:
        raise Malformed("message_changed")
    if text(message, "subtype") == GRAVE:
        return _deleted(event, text(message, "ts"), before, text(event, "ts"), around)
    if text(message, "text") == text(before, "text"):
        return None
    return edited(message, text(event, "channel"), around)


def _deleted(event: Table, ts: str, before: Table, at: str, around: Surroundings) -> MessageDeleted | None:
    if not ts:
        raise Malformed("message_deleted")
    if is_ours(before, around.me):
        return None
    place = place_of(_needed(event, "channel", "message_deleted"), thread_of(before), around)
    return MessageDeleted(place, PlatformMessageId(ts), moment(at))


def _reacted(event: Table, kind: str, event_id: str, around: Surroundings) -> Event | None:
    user, item = _needed(event, "user", kind), table(event, "item")
    if text(item, "type") != "message" or user == around.me.user:
        return None
    reaction = ReactionAdded if kind == "reaction_added" else ReactionRemoved
    return reaction(
        place_of(_needed(item, "channel", kind), None, around),
        actor_of(user, around.people),
        PlatformMessageId(_needed(item, "ts", kind)),
        _needed(event, "reaction", kind),
        event_id,
        moment(_needed(event, "event_ts", kind)),
    )


def is_ours(message: Table, me: Me) -> bool:
    """Whether the app itself wrote it."""
    return text(message, "user") == me.user or (bool(me.bot) and text(message, "bot_id") == me.bot)


def _author(message: Table, around: Surroundings) -> Actor | None:
    """Who wrote it; other apps are bots, whatever they call themselves; None for us."""
    if is_ours(message, around.me):
        return None
    user, bot = text(message, "user"), text(message, "bot_id")
    if bot or not user:
        name = text(message, "username") or text(message, "bot_profile", "name") or bot or user
        return Actor(AccountId(_needed({"id": user or bot}, "id", "message")), name, Role.BOT)
    return actor_of(user, around.people)


def _names(around: Surroundings) -> dict[str, str]:
    # our own name is the one by which the dialogue knows that it is addressed
    return {user: person.name for user, person in around.people.items()} | {around.me.user: around.me.name}


def _needed(payload: Table, name: str, kind: str) -> str:
    found = text(payload, name)
    if not found:
        raise Malformed(kind)
    return found
