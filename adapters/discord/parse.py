"""Gateway payloads as events. Pure: what it needs to know of the server it is given; None is what nobody needs to hear.

What is no message of a person or bot (joins, pins, boosts), is in a private thread, or was said by the bot itself makes
no event. A payload that isn't what Discord promises raises :class:`~adapters.discord.payload.Malformed`.

What somebody writes to the bot alone comes without a server; :mod:`~adapters.discord.talks` knows to which it belongs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from adapters.discord.directory import (
    CATEGORY,
    PRIVATE_THREAD,
    Directory,
    Person,
    Server,
    ServerChannel,
    channel_of,
    person_of,
)
from adapters.discord.emoji import name_of
from adapters.discord.payload import (
    Malformed,
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
from adapters.discord.snowflakes import made_at
from dialogue.events import (
    Actor,
    Attachment,
    Event,
    MemberChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    PlaceDeleted,
    ReactionAdded,
    ReactionRemoved,
)
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role

SPOKEN: Final = frozenset({0, 19, 20, 23})
"""Message types by which somebody says something: posts, replies, and what commands show."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LINK: Final = "https://discord.com/channels/{server}/{channel}/{message}"


@dataclass(frozen=True, slots=True)
class Reader:
    """What parsing needs: who we are, what is known of the servers, and the time.

    ``told_of_members``: whether Discord tells when somebody's roles change; else those of long ago are not believed.
    """

    me: str
    directory: Directory
    now: datetime
    told_of_members: bool = True

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
        return self._place(known, channel_of(payload)) if known else None

    def direct_place(self, message: str, channel: str, user: Payload, server: str | None = None) -> Place | None:
        """Where somebody writes to the bot alone; None where it isn't known to which server that belongs.

        From this message (or interaction) on the channel belongs there, unless the caller knew the ``server``.
        """
        account = identifier(user, "id")
        found = server or self.directory.home(channel, account)
        if found is None:
            return None
        if server is None:
            self.directory.talks.note(channel, account, found, made_at(message))
        known = self.directory.servers.get(found)
        person = (known.people.get(account) if known else None) or person_of(user, {})
        place = Place(SpaceId(found), ChannelId(channel), person.name, Audience.PRIVATE, direct=True)
        self.directory.talks.note_place(place)
        return place

    def actor(self, server: str, person: Person, *, is_bot: bool = False) -> Actor:
        """Somebody with the role that the platform gives there, and the server roles held."""
        known = self.directory.servers.get(server)
        role = Role.BOT if is_bot else Role.CUSTOMER
        if known is not None and not is_bot:
            role = known.role(person.account, person.roles)
        return Actor(AccountId(person.account), person.name, role, person.roles)

    def seen_actor(self, server: str, user: Payload, member: Payload) -> Actor:
        """Somebody who did something on a server just now, and is remembered for it."""
        known, person = self.directory.servers.get(server), person_of(user, member)
        if known is not None and not flag(user, "bot"):
            self.directory.saw(known, person, self.now)
        return self.actor(server, person, is_bot=flag(user, "bot"))

    def direct_actor(self, server: str, user: Payload) -> Actor:
        """Somebody who did something where no roles are told: those last seen count, unless they may have changed."""
        known, account = self.directory.servers.get(server), identifier(user, "id")
        person = (known.people.get(account) if known else None) or person_of(user, {})
        if not self.told_of_members and not self.directory.acted_just_now(server, account, self.now):
            person = replace(person, roles=())
        return self.actor(server, person, is_bot=flag(user, "bot"))

    def author(self, place: Place, message: Payload) -> Actor:
        """Who wrote a message. History tells no roles: then those last seen count."""
        server, user = place.space, child(message, "author")
        if place.direct:
            return self.direct_actor(server, user)
        person = person_of(user, child(message, "member"))
        if flag(user, "bot") or message.get("webhook_id") is not None:
            return self.actor(server, person, is_bot=True)
        known = self.directory.servers.get(server)
        if known is not None and message.get("member") is not None:
            self.directory.saw(known, person, self.now)
        elif known is not None:
            person = known.people.get(person.account, person)
        return self.actor(server, person)

    def _place(self, server: Server, found: ServerChannel) -> Place | None:
        return self._thread_place(server, found) if found.is_thread else _place(server, found, None)

    def _thread_place(self, server: Server, thread: ServerChannel) -> Place | None:
        parent = server.channels.get(thread.parent or "")
        if parent is None or thread.type == PRIVATE_THREAD:
            return None
        return _place(server, parent, thread)


def posted(message: Payload, place: Place | None, reader: Reader, *, live: bool = True) -> MessagePosted | None:
    """What somebody said at a place (see :func:`spoken_place`)."""
    if place is None:
        return None
    said, attachments = optional_text(message, "content") or "", _attachments(message)
    if not said and not attachments:
        return None
    channel, found = identifier(message, "channel_id"), identifier(message, "id")
    return MessagePosted(
        place,
        reader.author(place, message),
        PlatformMessageId(found),
        said,
        moment(message, "timestamp").astimezone(UTC),
        _replied_to(message),
        None if place.direct else _LINK.format(server=place.space, channel=channel, message=found),
        live,
        attachments=attachments,
        labels=_labels(place, found, reader),
    )


def _labels(place: Place, message: str, reader: Reader) -> tuple[str, ...]:
    """The tags of a post in a forum: its first message has the id of its thread."""
    post = reader.directory.find(place.space, message) if place.thread == message else None
    forum = reader.directory.find(place.space, place.channel) if post is not None else None
    if post is None or forum is None:
        return ()
    return tuple(forum.tags[tag] for tag in post.applied if tag in forum.tags)


def edited(message: Payload, place: Place | None, reader: Reader) -> MessageEdited | None:
    """A change of what was said. Previews of links and pins come as updates too, but mark no edit."""
    if message.get("edited_timestamp") is None or message.get("content") is None:
        return None
    if place is None or (not message["content"] and not _attachments(message)):
        return None
    at = moment(message, "edited_timestamp").astimezone(UTC)
    return MessageEdited(
        place,
        reader.author(place, message),
        PlatformMessageId(identifier(message, "id")),
        text(message, "content"),
        _version(at),
        at,
    )


def removed(payload: Payload, reader: Reader, now: datetime) -> Sequence[MessageDeleted]:
    """Messages that are gone: one, or many at once."""
    server, channel = optional_identifier(payload, "guild_id"), identifier(payload, "channel_id")
    gone = gone_in(payload)
    places = [reader.place(server, channel)] if server else reader.directory.talks.places(channel)
    return [MessageDeleted(place, PlatformMessageId(message), now) for place in places if place for message in gone]


def gone_in(payload: Payload) -> Sequence[str]:
    """The ids of the messages that a deletion is of, at least one."""
    return identifiers(payload, "ids") or (identifier(payload, "id"),)


def place_removed(payload: Payload, reader: Reader, now: datetime) -> PlaceDeleted | None:
    """A thread or channel is gone. Asked before the directory forgets it; also of those that nothing told of before."""
    server, channel = identifier(payload, "guild_id"), identifier(payload, "id")
    place = reader.place(server, channel) or reader.told_place(payload)
    return None if place is None or number(payload, "type") == CATEGORY else PlaceDeleted(place, now)


def member_changed(
    payload: Payload, reader: Reader, fresh_id: str, now: datetime, *, joined: bool
) -> MemberChanged | None:
    """Somebody joined, or has another name or other roles than were remembered; None for bots."""
    server, user = identifier(payload, "guild_id"), child(payload, "user")
    known, person = reader.directory.servers.get(server), person_of(user, payload)
    if known is None or flag(user, "bot") or (not joined and known.people.get(person.account) == person):
        return None
    return MemberChanged(SpaceId(server), reader.actor(server, person), fresh_id, now)


def reaction(
    payload: Payload, reader: Reader, fresh_id: str, now: datetime, *, added: bool
) -> ReactionAdded | ReactionRemoved | None:
    """An emoji put on a message or taken back. Who takes it back is told by account only."""
    server, account = optional_identifier(payload, "guild_id"), identifier(payload, "user_id")
    place = reader.place(server, identifier(payload, "channel_id")) if server else None
    emoji = optional_text(child(payload, "emoji"), "name")
    if server is None or place is None or account == reader.me or not emoji:
        return None
    member = child(payload, "member")
    user = child(member, "user")
    actor = reader.seen_actor(server, user, member) if user else _unnamed(server, account, reader)
    kind = ReactionAdded if added else ReactionRemoved
    return kind(place, actor, PlatformMessageId(identifier(payload, "message_id")), name_of(emoji), fresh_id, now)


def events_of(name: str, payload: Payload, reader: Reader, fresh_id: str, now: datetime) -> Sequence[Event]:
    """The events a gateway event tells of, without interactions. Asked before the directory takes it in."""
    found: Event | None
    match name:
        case "MESSAGE_CREATE":
            found = posted(payload, spoken_place(payload, reader), reader)
        case "MESSAGE_UPDATE":
            return [event for place in _changed_places(payload, reader) if (event := edited(payload, place, reader))]
        case "MESSAGE_DELETE" | "MESSAGE_DELETE_BULK":
            return removed(payload, reader, now)
        case "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE":
            found = reaction(payload, reader, fresh_id, now, added=name == "MESSAGE_REACTION_ADD")
        case "THREAD_DELETE" | "CHANNEL_DELETE":
            found = place_removed(payload, reader, now)
        case "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE":
            found = member_changed(payload, reader, fresh_id, now, joined=name == "GUILD_MEMBER_ADD")
        case _:
            return ()
    return () if found is None else (found,)


def spoken_place(message: Payload, reader: Reader) -> Place | None:
    """Where it was said (without a server: to the bot alone), or None if it was said by us or by nobody.

    Raises :class:`Malformed` for a direct message of whom nobody knows on which server they are.
    """
    server, channel = optional_identifier(message, "guild_id"), identifier(message, "channel_id")
    if not is_spoken(message, reader):
        return None
    if server is not None:
        return reader.place(server, channel)
    place = reader.direct_place(identifier(message, "id"), channel, child(message, "author"))
    if place is None:
        raise Malformed("a direct message of somebody who was not seen on a server")
    return place


def _changed_places(message: Payload, reader: Reader) -> Sequence[Place]:
    """Everywhere where a message that was changed may have been kept: a direct one may have had several servers."""
    place = spoken_place(message, reader)
    if place is None or not place.direct:
        return () if place is None else (place,)
    return reader.directory.talks.places(str(place.channel))


def _place(server: Server, channel: ServerChannel, thread: ServerChannel | None) -> Place:
    return Place(
        SpaceId(server.id),
        ChannelId(channel.id),
        channel.name,
        server.audience(channel),
        thread=PlatformMessageId(thread.id) if thread else None,
    )


def is_spoken(message: Payload, reader: Reader) -> bool:
    """Whether somebody else than the bot says something by it."""
    return number(message, "type") in SPOKEN and identifier(child(message, "author"), "id") != reader.me


def _unnamed(server: str, account: str, reader: Reader) -> Actor:
    """Somebody of whom only the account is told: as last seen."""
    known = reader.directory.servers.get(server)
    seen = known.people.get(account) if known else None
    return reader.actor(server, seen or Person(account, account, ()))


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
