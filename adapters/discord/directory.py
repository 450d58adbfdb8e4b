"""What is known of each server: its channels, threads, roles, and the people seen there. Kept up to date by events.

A thread belongs to its channel. People are remembered for their roles only, the latest :data:`MOST_PEOPLE` of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
from knowledge_base.channels import Audience
from knowledge_base.members import Role

VIEW_CHANNEL: Final = 1 << 10
ADMINISTRATOR: Final = 1 << 3
MANAGE_GUILD: Final = 1 << 5

FORUMS: Final = frozenset({15, 16})
PRIVATE_THREAD: Final = 12
THREADS: Final = frozenset({10, 11, PRIVATE_THREAD})
MOST_PEOPLE: Final = 20_000
"""People of one server whose roles are remembered."""


@dataclass(frozen=True, slots=True)
class ServerRole:
    """A role people can have on a server."""

    id: str
    name: str
    permissions: int


@dataclass(frozen=True, slots=True)
class ServerChannel:
    """A channel, or a thread (then ``parent`` is its channel). ``everyone``: what everybody is (denied, allowed)."""

    id: str
    name: str
    type: int
    parent: str | None
    everyone: tuple[int, int] = (0, 0)

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
    """One server (Discord calls it a guild)."""

    id: str
    owner: str | None = None
    roles: dict[str, ServerRole] = field(default_factory=dict)
    channels: dict[str, ServerChannel] = field(default_factory=dict)
    people: OrderedDict[str, Person] = field(default_factory=OrderedDict)

    def remember(self, person: Person) -> None:
        """Somebody was seen; who was not seen for longest is forgotten."""
        self.people[person.account] = person
        self.people.move_to_end(person.account)
        if len(self.people) > MOST_PEOPLE:
            self.people.popitem(last=False)

    def audience(self, channel: ServerChannel) -> Audience:
        """Public where everybody on the server may see the channel, else private."""
        everyone = self.roles.get(self.id)
        permissions = everyone.permissions if everyone else 0
        if permissions & ADMINISTRATOR:
            return Audience.PUBLIC
        denied, allowed = channel.everyone
        seen = ((permissions & ~denied) | allowed) & VIEW_CHANNEL
        return Audience.PUBLIC if seen else Audience.PRIVATE


@dataclass(frozen=True, slots=True)
class RoleNames:
    """Which server roles make somebody an admin or staff here, by their names."""

    admin: frozenset[str]
    staff: frozenset[str]

    def role(self, server: Server, account: str, held: tuple[str, ...]) -> Role:
        """The highest role that somebody with these server roles has; everybody on the server has its base role."""
        roles = [server.roles[each] for each in (*held, server.id) if each in server.roles]
        names = {role.name.casefold() for role in roles}
        may_manage = any(role.permissions & (ADMINISTRATOR | MANAGE_GUILD) for role in roles)
        if account == server.owner or may_manage or names & self.admin:
            return Role.ADMIN
        return Role.STAFF if names & self.staff else Role.CUSTOMER


class Directory:
    """Every server the bot is on."""

    def __init__(self) -> None:
        self.servers: dict[str, Server] = {}
        self._changes: Mapping[str, Callable[[Payload], None]] = {
            "GUILD_CREATE": self._server_came,
            "GUILD_UPDATE": self._server_changed,
            "GUILD_DELETE": self._server_left,
            "GUILD_ROLE_CREATE": self._role_changed,
            "GUILD_ROLE_UPDATE": self._role_changed,
            "GUILD_ROLE_DELETE": self._role_gone,
            "CHANNEL_CREATE": self._channel_changed,
            "CHANNEL_UPDATE": self._channel_changed,
            "CHANNEL_DELETE": self._channel_gone,
            "THREAD_CREATE": self._channel_changed,
            "THREAD_UPDATE": self._channel_changed,
            "THREAD_DELETE": self._channel_gone,
            "THREAD_LIST_SYNC": self._threads_synced,
            "GUILD_MEMBER_UPDATE": self._person_changed,
            "GUILD_MEMBER_REMOVE": self._person_left,
        }

    def apply(self, event: str, payload: Payload) -> None:
        """Take in a gateway event; those of no concern change nothing. Raises :class:`Malformed`."""
        change = self._changes.get(event)
        if change is not None:
            change(payload)

    def add(self, server: Server) -> None:
        """A server is known from now on."""
        self.servers[server.id] = server

    def find(self, server: str, channel: str) -> ServerChannel | None:
        """A channel or thread, or None where it isn't known."""
        known = self.servers.get(server)
        return known.channels.get(channel) if known else None

    def _server_came(self, payload: Payload) -> None:
        if flag(payload, "unavailable"):
            return
        server = server_of(payload)
        before = self.servers.get(server.id)
        if before is not None:
            server.people = before.people
            # threads that rest are not told of again
            rest = {each.id: each for each in before.channels.values() if each.parent in server.channels}
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
            channel = channel_of(payload, server.id)
            server.channels[channel.id] = channel

    def _channel_gone(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            server.channels.pop(identifier(payload, "id"), None)

    def _threads_synced(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            for thread in children(payload, "threads"):
                channel = channel_of(thread, server.id)
                server.channels[channel.id] = channel

    def _person_changed(self, payload: Payload) -> None:
        server = self._server(payload)
        account = identifier(child(payload, "user"), "id")
        if server is not None and account in server.people:
            server.people[account] = replace(server.people[account], roles=identifiers(payload, "roles"))

    def _person_left(self, payload: Payload) -> None:
        server = self._server(payload)
        if server is not None:
            server.people.pop(identifier(child(payload, "user"), "id"), None)

    def _server(self, payload: Payload) -> Server | None:
        return self.servers.get(identifier(payload, "guild_id"))


def server_of(payload: Payload) -> Server:
    """A server as GUILD_CREATE tells of it."""
    found = identifier(payload, "id")
    channels = [channel_of(each, found) for each in (*children(payload, "channels"), *children(payload, "threads"))]
    return Server(
        found,
        optional_identifier(payload, "owner_id"),
        {role.id: role for role in map(_role, children(payload, "roles"))},
        {channel.id: channel for channel in channels},
    )


def channel_of(payload: Payload, server: str) -> ServerChannel:
    """A channel or thread."""
    everyone = next((each for each in children(payload, "permission_overwrites") if each.get("id") == server), {})
    return ServerChannel(
        identifier(payload, "id"),
        optional_text(payload, "name") or "",
        number(payload, "type"),
        optional_identifier(payload, "parent_id"),
        (number(everyone, "deny"), number(everyone, "allow")),
    )


def person_of(user: Payload, member: Payload) -> Person:
    """Somebody, by the name that is shown on the server."""
    name = optional_text(member, "nick") or optional_text(user, "global_name") or text(user, "username")
    return Person(identifier(user, "id"), name, identifiers(member, "roles"))


def _role(payload: Payload) -> ServerRole:
    return ServerRole(identifier(payload, "id"), text(payload, "name"), number(payload, "permissions"))
