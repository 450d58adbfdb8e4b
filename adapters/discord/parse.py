"""Gateway payloads as events. Pure: what it needs to know of the server it is given; None is what nobody needs to hear.

What is no message of a person or bot (joins, pins, boosts), is in a private thread, or was said by the bot itself makes
no event. A payload that isn't what Discord promises raises :class:`~adapters.discord.payload.Malformed`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from adapters.discord.directory import (
    FORUMS,
    PRIVATE_THREAD,
    Directory,
    Person,
    RoleNames,
    Server,
    ServerChannel,
    channel_of,
    person_of,
)
from adapters.discord.emoji import name_of
from adapters.discord.payload import (
    Payload,
    child,
    children,
    flag,
    identifier,
    identifiers,
    moment,
    number,
    optional_identifier,
    optional_text,
    text,
)
from dialogue.events import (
    Actor,
    Attachment,
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

SPOKEN: Final = frozenset({0, 19, 20, 23})
"""Message types by which somebody says something: posts, replies, and what commands show."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LINK: Final = "https://discord.com/channels/{server}/{channel}/{message}"


@dataclass(frozen=True, slots=True)
class Reader:
    """What parsing needs: who we are, what is known of the servers, and which roles mean what."""

    me: str
    directory: Directory
    names: RoleNames

    def place(self, server: str, channel: str) -> Place | None:
        """Where something happened; None where that is not known, or in a private thread."""
        known = self.directory.servers.get(server)
        found = known.channels.get(channel) if known else None
        if known is None or found is None:
            return None
        return self._place(known, found)

    def told_place(self, payload: Payload) -> Place | None:
        """Where a channel or thread is that only this payload tells of; None where its parent is not known either."""
        known = self.directory.servers.get(identifier(payload, "guild_id"))
        return self._place(known, channel_of(payload, known.id)) if known else None

    def actor(self, server: str, person: Person, *, is_bot: bool = False) -> Actor:
        """Somebody with the role held there."""
        known = self.directory.servers.get(server)
        role = Role.BOT if is_bot else Role.CUSTOMER
        if known is not None and not is_bot:
            role = self.names.role(known, person.account, person.roles)
        return Actor(AccountId(person.account), person.name, role)

    def author(self, server: str, message: Payload) -> Actor:
        """Who wrote a message. History tells no roles: then those last seen count."""
        user = child(message, "author")
        person = person_of(user, child(message, "member"))
        if flag(user, "bot") or message.get("webhook_id") is not None:
            return self.actor(server, person, is_bot=True)
        known = self.directory.servers.get(server)
        if known is not None:
            if message.get("member") is None and person.account in known.people:
                person = known.people[person.account]
            known.remember(person)
        return self.actor(server, person)

    def _place(self, server: Server, found: ServerChannel) -> Place | None:
        return self._thread_place(server, found) if found.is_thread else _place(server, found, None)

    def _thread_place(self, server: Server, thread: ServerChannel) -> Place | None:
        parent = server.channels.get(thread.parent or "")
        if parent is None or thread.type == PRIVATE_THREAD:
            return None
        return _place(server, parent, thread)


def posted(message: Payload, server: str, reader: Reader, *, live: bool = True) -> MessagePosted | None:
    """What somebody said."""
    place = _spoken_place(message, server, reader)
    if place is None:
        return None
    said, attachments = optional_text(message, "content") or "", _attachments(message)
    if not said and not attachments:
        return None
    channel, found = identifier(message, "channel_id"), identifier(message, "id")
    return MessagePosted(
        place,
        reader.author(server, message),
        PlatformMessageId(found),
        said,
        moment(message, "timestamp").astimezone(UTC),
        _replied_to(message),
        _LINK.format(server=server, channel=channel, message=found),
        live,
        attachments=attachments,
    )


def edited(message: Payload, server: str, reader: Reader) -> MessageEdited | None:
    """A change of what was said. Previews of links and pins come as updates too, but mark no edit."""
    if message.get("edited_timestamp") is None or message.get("content") is None:
        return None
    place = _spoken_place(message, server, reader)
    if place is None or (not message["content"] and not _attachments(message)):
        return None
    at = moment(message, "edited_timestamp").astimezone(UTC)
    return MessageEdited(
        place,
        reader.author(server, message),
        PlatformMessageId(identifier(message, "id")),
        text(message, "content"),
        _version(at),
        at,
    )


def removed(payload: Payload, reader: Reader, now: datetime) -> Sequence[MessageDeleted]:
    """Messages that are gone: one, or many at once."""
    server = optional_identifier(payload, "guild_id")
    place = reader.place(server, identifier(payload, "channel_id")) if server else None
    if place is None:
        return ()
    gone = identifiers(payload, "ids") or (identifier(payload, "id"),)
    return [MessageDeleted(place, PlatformMessageId(message), now) for message in gone]


def thread_removed(payload: Payload, said: Sequence[str], reader: Reader, now: datetime) -> Sequence[MessageDeleted]:
    """A thread is gone, and with it ``said``, the messages known to be in it; of a post in a forum also the post.

    Asked before the directory forgets the thread.
    """
    server, thread = identifier(payload, "guild_id"), identifier(payload, "id")
    place = reader.place(server, thread) or reader.told_place(payload)
    if place is None:
        return ()
    parent = reader.directory.find(server, str(place.channel))
    root = (thread,) if parent is not None and parent.type in FORUMS else ()
    gone = dict.fromkeys((*root, *said))
    return [MessageDeleted(place, PlatformMessageId(message), now) for message in gone]


def reaction(
    payload: Payload, reader: Reader, fresh_id: str, now: datetime, *, added: bool
) -> ReactionAdded | ReactionRemoved | None:
    """An emoji put on a message or taken back. Who takes it back is told by account only."""
    server, account = optional_identifier(payload, "guild_id"), identifier(payload, "user_id")
    place = reader.place(server, identifier(payload, "channel_id")) if server else None
    emoji = optional_text(child(payload, "emoji"), "name")
    if server is None or place is None or account == reader.me or not emoji:
        return None
    person, is_bot = _reacting(payload, server, account, reader)
    kind = ReactionAdded if added else ReactionRemoved
    message = PlatformMessageId(identifier(payload, "message_id"))
    return kind(place, reader.actor(server, person, is_bot=is_bot), message, name_of(emoji), fresh_id, now)


def events_of(name: str, payload: Payload, reader: Reader, fresh_id: str, now: datetime) -> Sequence[Event]:
    """The events a gateway event tells of, without interactions and deleted threads."""
    match name:
        case "MESSAGE_CREATE" | "MESSAGE_UPDATE":
            server = optional_identifier(payload, "guild_id")
            read = posted if name == "MESSAGE_CREATE" else edited
            event = read(payload, server, reader) if server else None
            return () if event is None else (event,)
        case "MESSAGE_DELETE" | "MESSAGE_DELETE_BULK":
            return removed(payload, reader, now)
        case "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE":
            added = name == "MESSAGE_REACTION_ADD"
            found = reaction(payload, reader, fresh_id, now, added=added)
            return () if found is None else (found,)
        case _:
            return ()


def _place(server: Server, channel: ServerChannel, thread: ServerChannel | None) -> Place:
    return Place(
        SpaceId(server.id),
        ChannelId(channel.id),
        channel.name,
        server.audience(channel),
        thread=PlatformMessageId(thread.id) if thread else None,
    )


def _spoken_place(message: Payload, server: str, reader: Reader) -> Place | None:
    """Where it was said, or None if it was said by us or by nobody."""
    if number(message, "type") not in SPOKEN or identifier(child(message, "author"), "id") == reader.me:
        return None
    return reader.place(server, identifier(message, "channel_id"))


def _reacting(payload: Payload, server: str, account: str, reader: Reader) -> tuple[Person, bool]:
    member = child(payload, "member")
    user = child(member, "user")
    if user:
        return person_of(user, member), flag(user, "bot")
    known = reader.directory.servers.get(server)
    seen = known.people.get(account) if known else None
    return seen or Person(account, account, ()), False


def _replied_to(message: Payload) -> PlatformMessageId | None:
    reference = child(message, "message_reference")
    # type 1 is a message passed on, which answers nobody
    found = optional_identifier(reference, "message_id") if number(reference, "type") == 0 else None
    return PlatformMessageId(found) if found else None


def _attachments(message: Payload) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(text(each, "filename"), optional_text(each, "content_type") or "application/octet-stream")
        for each in children(message, "attachments")
    )


def _version(at: datetime) -> str:
    """Microseconds since 1970: equally long for two centuries, so later edits sort later."""
    since = at - _EPOCH
    return str((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
