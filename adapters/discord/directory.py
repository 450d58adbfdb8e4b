"""What is known of each server: its channels, threads, roles, emoji, and the people seen there, as events tell of it.

A thread belongs to its channel. People are remembered for their names and roles, the latest :data:`MOST_PEOPLE` of
them, and for the server on which they were seen last, which is where what they write to the bot alone belongs, unless
their direct channel belongs to another already (:mod:`~adapters.discord.talks`).
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from adapters.discord.payload import (
    Payload,
    child,
    children,
    flag,
    identifier,
    identifiers,
    number,
    optional_identifier,
    optional_text,
    text,
)
from adapters.discord.talks import Talks, put
from knowledge_base.channels import Audience
from knowledge_base.members import Role

VIEW_CHANNEL: Final = 1 << 10
ADMINISTRATOR: Final = 1 << 3
MANAGE_GUILD: Final = 1 << 5

CATEGORY: Final = 4
FORUMS: Final = frozenset({15, 16})
PRIVATE_THREAD: Final = 12
THREADS: Final = frozenset({10, 11, PRIVATE_THREAD})
MOST_PEOPLE: Final = 20_000
"""People of one server whose names and roles are remembered; and people of whom it is known where they were last."""
JUST_NOW: Final = timedelta(minutes=10)
"""How long somebody's roles are believed where nobody tells that they changed."""


@dataclass(frozen=True, slots=True)
class ServerRole:
    """A role people can have on a server."""

    id: str
    permissions: int


@dataclass(frozen=True, slots=True)
class ServerChannel:
    """A channel, or a thread (then ``parent`` is its channel).

    ``overwrites``: what is (denied, allowed) here by the id of the role or person; everybody's role has the server's.
    ``tags``: those of a forum, their names by id; ``applied``: the ids of those that a post in it has.
    """

    id: str
    name: str
    type: int
    parent: str | None
    overwrites: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    applied: tuple[str, ...] = ()

    @property
    def is_thread(self) -> bool:
        """Whether it hangs on a channel."""
        return self.type in THREADS


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a server, as they are called there."""

    account: str
    name: str
    roles: tuple[str, ...]


@dataclass(slots=True)
class Server:
    """One server (Discord calls it a guild).

    ``emoji``: the ids of its own ones by their names. ``mine``: the roles of the bot, None until they were told.
    """

    id: str
    owner: str | None = None
    roles: dict[str, ServerRole] = field(default_factory=dict)
    channels: dict[str, ServerChannel] = field(default_factory=dict)
    emoji: Mapping[str, str] = field(default_factory=dict)
    mine: tuple[str, ...] | None = None
    people: OrderedDict[str, Person] = field(default_factory=OrderedDict)

    def audience(self, channel: ServerChannel) -> Audience:
        """Public where everybody on the server may see the channel, else private."""
        everyone = self.roles.get(self.id)
        permissions = everyone.permissions if everyone else 0
        if permissions & ADMINISTRATOR:
            return Audience.PUBLIC
        denied, allowed = channel.overwrites.get(self.id, (0, 0))
        seen = ((permissions & ~denied) | allowed) & VIEW_CHANNEL
        return Audience.PUBLIC if seen else Audience.PRIVATE

    def role(self, account: str, held: tuple[str, ...]) -> Role:
        """Who may manage the server is an admin, all others are customers; everybody has the server's base role."""
        roles = [self.roles[each] for each in (*held, self.id) if each in self.roles]
        may_manage = any(role.permissions & (ADMINISTRATOR | MANAGE_GUILD) for role in roles)
        return Role.ADMIN if account == self.owner or may_manage else Role.CUSTOMER


class Directory:
    """Every server the bot is on, as far as this process hears of them.

    ``held``: what the bot may do, by server and channel, as it was worked out since a server last changed.
    """

    def __init__(self) -> None:
        self.servers: dict[str, Server] = {}
        self.talks = Talks()
        self.held: dict[tuple[str, str | None], int] = {}
        self._me: str | None = None
        self._joined: set[str] = set()
        self._is_whole = False
        self._last_seen: OrderedDict[str, str] = OrderedDict()
        self._acted: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self._changes: Mapping[str, Callable[[Payload], None]] = {
            "READY": self._begun,
            "GUILD_CREATE": self._server_came,
            "GUILD_UPDATE": self._server_changed,
            "GUILD_DELETE": self._server_left,
            "GUILD_EMOJIS_UPDATE": self._emoji_changed,
            "GUILD_ROLE_CREATE": self._role_changed,
            "GUILD_ROLE_UPDATE": self._role_changed,
            "GUILD_ROLE_DELETE": self._role_gone,
            "CHANNEL_CREATE": self._channel_changed,
            "CHANNEL_UPDATE": self._channel_changed,
            "CHANNEL_DELETE": self._channel_gone,
            "THREAD_CREATE": self._channel_changed,
            "THREAD_UPDATE": self._channel_changed,
            "THREAD_DELETE": self._thread_gone,
            "THREAD_LIST_SYNC": self._threads_synced,
            "GUILD_MEMBER_ADD": self._person_came,
            "GUILD_MEMBER_UPDATE": self._person_changed,
            "GUILD_MEMBER_REMOVE": self._person_left,
        }

    def apply(self, event: str, payload: Payload) -> None:
        """Take in a gateway event; those of no concern change nothing. Raises :class:`Malformed`."""
        change = self._changes.get(event)
        if change is not None:
            change(payload)
            if not event.startswith("GUILD_MEMBER"):
                self.held.clear()

    def add(self, server: Server) -> None:
        """A server is known from now on."""
        self.servers[server.id] = server
        self.held.clear()

    def find(self, server: str, channel: str) -> ServerChannel | None:
        """A channel or thread, or None where it isn't known."""
        known = self.servers.get(server)
        return known.channels.get(channel) if known else None

    def remember(self, server: Server, person: Person) -> None:
        """Somebody is on a server; of whom was not heard for longest is forgotten."""
        put(server.people, person.account, person, MOST_PEOPLE)
        if person.account not in self._last_seen:
            put(self._last_seen, person.account, server.id, MOST_PEOPLE)

    def saw(self, server: Server, person: Person, now: datetime) -> None:
        """Somebody did something on a server just now."""
        self.remember(server, person)
        put(self._last_seen, person.account, server.id, MOST_PEOPLE)
        put(self._acted, person.account, (server.id, now), MOST_PEOPLE)

    def acted_just_now(self, server: str, account: str, now: datetime) -> bool:
        """Whether somebody did something there so lately that their roles are what they were then."""
        where, at = self._acted.get(account, ("", now))
        return where == server and now - at <= JUST_NOW

    def last_server(self, account: str) -> str | None:
        """The server on which somebody was seen last, or the only one on which the bot is; None where that is open."""
        seen = self._last_seen.get(account)
        if seen in self._joined:
            return seen
        return next(iter(self._joined)) if self.is_on_one_server else None

    def home(self, channel: str, account: str) -> str | None:
        """The server to which a direct channel belongs; None where that is not known."""
        return self.noted_home(channel) or self.last_server(account)

    def noted_home(self, channel: str) -> str | None:
        """The server to which a direct channel was found to belong, and still can."""
        return self.talks.home(channel, self._joined)

    @property
    def is_on_one_server(self) -> bool:
        """Whether the bot is surely on one server alone, by what it was told when it connected."""
        return self._is_whole and len(self._joined) == 1

    def _begun(self, payload: Payload) -> None:
        self._me = identifier(child(payload, "user"), "id")
        shard, count = shard_of(payload)
        self._is_whole = count == 1
        told = {identifier(server, "id") for server in children(payload, "guilds")}
        left = {each for each in self._joined | self.servers.keys() if shard_for(each, count) == shard} - told
        self._joined = (self._joined | told) - left
        self.servers = {each.id: each for each in self.servers.values() if each.id not in left}

    def _server_came(self, payload: Payload) -> None:
        if flag(payload, "unavailable"):
            return
        server = server_of(payload, self._me)
        self._joined.add(server.id)
        before = self.servers.get(server.id)
        if before is not None:
            server.people = before.people
            # threads that rest are not told of again
            rest = {e.id: e for e in before.channels.values() if e.is_thread and e.parent in server.channels}
            server.channels = rest | server.channels
        self.add(server)

    def _server_changed(self, payload: Payload) -> None:
        server = self.servers.get(identifier(payload, "id"))
        if server is not None:
            server.owner = optional_identifier(payload, "owner_id") or server.owner
            changed = {role.id: role for role in map(_role, children(payload, "roles"))}
            server.roles = changed or server.roles

    def _server_left(self, payload: Payload) -> None:
        if not flag(payload, "unavailable"):
            self.servers.pop(identifier(payload, "id"), None)
            self._joined.discard(identifier(payload, "id"))

    def _emoji_changed(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            server.emoji = _emoji(payload)

    def _role_changed(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            role = _role(child(payload, "role"))
            server.roles[role.id] = role

    def _role_gone(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            server.roles.pop(identifier(payload, "role_id"), None)

    def _channel_changed(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            channel = channel_of(payload)
            server.channels[channel.id] = channel

    def _channel_gone(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            gone = identifier(payload, "id")
            server.channels = {
                each.id: each
                for each in server.channels.values()
                if each.id != gone and not (each.is_thread and each.parent == gone)
            }

    def _thread_gone(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            server.channels.pop(identifier(payload, "id"), None)

    def _threads_synced(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            for thread in children(payload, "threads"):
                channel = channel_of(thread)
                server.channels[channel.id] = channel

    def _person_came(self, payload: Payload) -> None:
        server, user = self._server(payload), child(payload, "user")
        if server is not None and not flag(user, "bot") and identifier(user, "id") not in self._last_seen:
            put(self._last_seen, identifier(user, "id"), server.id, MOST_PEOPLE)

    def _person_changed(self, payload: Payload) -> None:
        server = self._server(payload)
        account = identifier(child(payload, "user"), "id")
        if server is not None and account == self._me:
            server.mine = identifiers(payload, "roles")
            self.held.clear()
        elif server is not None and account in server.people:
            server.people[account] = person_of(child(payload, "user"), payload)

    def _person_left(self, payload: Payload) -> None:
        server, account = self._server(payload), identifier(child(payload, "user"), "id")
        if server is not None:
            server.people.pop(account, None)
            self.talks.left(account, server.id)
            if self._last_seen.get(account) == server.id:
                del self._last_seen[account]

    def _server(self, payload: Payload) -> Server | None:
        return self.servers.get(identifier(payload, "guild_id"))


def server_of(payload: Payload, me: str | None = None) -> Server:
    """A server as GUILD_CREATE tells of it; ``me`` is the bot's account, by which its own roles are found."""
    found = identifier(payload, "id")
    channels = [channel_of(each) for each in (*children(payload, "channels"), *children(payload, "threads"))]
    mine = [each for each in children(payload, "members") if me and child(each, "user").get("id") == me]
    return Server(
        found,
        optional_identifier(payload, "owner_id"),
        {role.id: role for role in map(_role, children(payload, "roles"))},
        {channel.id: channel for channel in channels},
        _emoji(payload),
        identifiers(mine[0], "roles") if mine else None,
    )


def channel_of(payload: Payload) -> ServerChannel:
    """A channel or thread."""
    overwrites = {
        identifier(each, "id"): (number(each, "deny"), number(each, "allow"))
        for each in children(payload, "permission_overwrites")
    }
    return ServerChannel(
        identifier(payload, "id"),
        optional_text(payload, "name") or "",
        number(payload, "type"),
        optional_identifier(payload, "parent_id"),
        overwrites,
        {identifier(each, "id"): text(each, "name") for each in children(payload, "available_tags")},
        identifiers(payload, "applied_tags"),
    )


def person_of(user: Payload, member: Payload) -> Person:
    """Somebody, by the name that is shown on the server."""
    name = optional_text(member, "nick") or optional_text(user, "global_name") or text(user, "username")
    return Person(identifier(user, "id"), name, identifiers(member, "roles"))


def shard_of(ready: Payload) -> tuple[int, int]:
    """Of which shard a session is, and of how many."""
    told = ready.get("shard")
    if not isinstance(told, list) or len(told) != 2:
        return 0, 1
    return number({"shard": told[0]}, "shard"), number({"count": told[1]}, "count")


def shard_for(server: str, count: int) -> int:
    """The shard that hears of a server."""
    return (int(server) >> 22) % max(count, 1)


def _role(payload: Payload) -> ServerRole:
    return ServerRole(identifier(payload, "id"), number(payload, "permissions"))


def _emoji(payload: Payload) -> Mapping[str, str]:
    told = [(optional_text(each, "name"), optional_identifier(each, "id")) for each in children(payload, "emojis")]
    return {name: emoji for name, emoji in told if name and emoji}
