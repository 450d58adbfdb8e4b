"""What Discord is asked about a server when no event told of it yet: channels, threads, roles, people, its messages."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from adapters.discord.client import payloads
from adapters.discord.directory import FORUMS, PRIVATE_THREAD, Directory, Person, channel_of, person_of, server_of
from adapters.discord.errors import UNKNOWN_CHANNEL, UNKNOWN_MEMBER, UNKNOWN_USER, code_of
from adapters.discord.payload import (
    Payload,
    child,
    children,
    flag,
    identifier,
    moment,
    number,
    optional_identifier,
    payload_of,
    text,
)
from adapters.discord.session import Session
from adapters.discord.skipping import UNREADABLE, skipping
from adapters.discord.snowflakes import made_at
from dialogue.errors import Rejected

PAGE: Final = 100
"""Messages in one answer of Discord."""
SERVERS: Final = 200
"""Servers in one answer of Discord."""
FRESH: Final = timedelta(minutes=1)
"""How long a list of a channel's threads is believed while its pages are read one after the other."""
_MEMBER: Final = "/guilds/{guild_id}/members/{user_id}"
_WITH_ARCHIVE: Final = frozenset({0, 5}) | FORUMS


@dataclass(frozen=True, slots=True)
class Talk:
    """A channel or thread in which messages stand; ``last`` is the id of its last one, 0 if there never was one."""

    id: str
    parent: str | None
    type: int
    last: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A server the bot is on, and what its roles let it do there, as Discord's number; channels may say otherwise."""

    id: str
    name: str
    permissions: int


@dataclass(frozen=True, slots=True)
class _Listed:
    """The threads of a channel as they were ``at`` a time; ``page`` is the last id after which they were wanted."""

    at: datetime
    page: int
    threads: Sequence[Talk]


class Servers:
    """Fills the directory where it is empty, and reads messages."""

    def __init__(self, session: Session, directory: Directory) -> None:
        self._session = session
        self._directory = directory
        self._threads: dict[str, _Listed] = {}

    async def joined(self) -> Sequence[Joined]:
        """The servers the bot is on."""
        found: list[Joined] = []
        while True:
            query: dict[str, str | int] = {"limit": SERVERS, "after": found[-1].id if found else 0}
            page = [
                Joined(identifier(each, "id"), text(each, "name"), number(each, "permissions"))
                for each in payloads(await self._session.ask("GET", "/users/@me/guilds", query=query))
            ]
            found += page
            if len(page) < SERVERS:
                return found

    async def learn(self, server: str) -> None:
        """Ask for a server that no event told of yet."""
        if server not in self._directory.servers:
            told = payload_of(await self._session.ask("GET", "/guilds/{guild_id}", guild_id=server))
            channels = await self._session.ask("GET", "/guilds/{guild_id}/channels", guild_id=server)
            if server not in self._directory.servers:  # else an event told of it meanwhile, and more than this
                self._directory.add(server_of({**told, "channels": list(payloads(channels))}))

    async def channel(self, channel: str) -> Payload | None:
        """A channel as Discord shows it, or None where there is none any more."""
        try:
            return payload_of(await self._session.ask("GET", "/channels/{channel_id}", channel_id=channel))
        except Rejected as error:
            if code_of(error.__cause__) == UNKNOWN_CHANNEL:
                return None
            raise

    async def has(self, server: str, account: str) -> bool:
        """Whether somebody is on a server."""
        try:
            await self._session.ask("GET", _MEMBER, guild_id=server, user_id=account)
        except Rejected as error:
            if code_of(error.__cause__) in (UNKNOWN_MEMBER, UNKNOWN_USER):
                return False
            raise
        return True

    def is_forum(self, server: str, channel: str) -> bool:
        """Whether it has posts only, each a thread of its own."""
        known = self._directory.find(server, channel)
        return known is not None and known.type in FORUMS

    async def talks(self, server: str) -> Sequence[Talk]:
        """Every channel and every open thread of a server, as they are now."""
        channels = await self._session.ask("GET", "/guilds/{guild_id}/channels", guild_id=server)
        return [*map(_talk, payloads(channels)), *await self._open_threads(server)]

    async def threads(self, server: str, channel: str, after: int, now: datetime) -> Sequence[Talk]:
        """The threads of a channel, without private ones, in which something stands after ``after``.

        Only who reads on gets the list of the page before: who begins anew may know of messages that are not in it.
        """
        listed = self._threads.get(channel)
        if listed is None or after <= listed.page or now - listed.at > FRESH:
            found = [thread for thread in await self._open_threads(server) if thread.parent == channel]
            listed = _Listed(now, after, [*found, *await self._archived(server, channel, after)])
        self._threads[channel] = replace(listed, page=after)
        return [thread for thread in listed.threads if thread.type != PRIVATE_THREAD and thread.last > after]

    def read_to_the_end(self, channel: str) -> None:
        """Whoever reads the channel next begins anew."""
        self._threads.pop(channel, None)

    async def messages(self, channel: str, after: int) -> Sequence[Payload]:
        """The next :data:`PAGE` messages of a channel or thread after an id, oldest first, without what has no id."""
        query: dict[str, str | int] = {"after": after, "limit": PAGE}
        answer = await self._session.ask("GET", "/channels/{channel_id}/messages", query=query, channel_id=channel)
        found: dict[int, Payload] = {}
        for message in payloads(answer):
            with skipping("MESSAGE"):
                found[int(identifier(message, "id"))] = message
        return [found[each] for each in sorted(found)]

    async def learn_people(self, server: str, messages: Sequence[Payload]) -> None:
        """Ask for the roles of those authors who were not seen yet: history doesn't tell them."""
        known = self._directory.servers.get(server)
        for message in messages:
            with suppress(*UNREADABLE):  # then neither is the message, which says so
                user = child(message, "author")
                is_person = not flag(user, "bot") and message.get("webhook_id") is None
                if known is not None and is_person and identifier(user, "id") not in known.people:
                    self._directory.remember(known, await self._person(server, user))

    async def _person(self, server: str, user: Payload) -> Person:
        account = identifier(user, "id")
        try:
            member = await self._session.ask("GET", _MEMBER, guild_id=server, user_id=account)
        except Rejected:  # has left
            return person_of(user, {})
        return person_of(user, payload_of(member))

    async def _open_threads(self, server: str) -> list[Talk]:
        answer = payload_of(await self._session.ask("GET", "/guilds/{guild_id}/threads/active", guild_id=server))
        return self._noted(server, children(answer, "threads"))

    async def _archived(self, server: str, channel: str, after: int) -> list[Talk]:
        parent = self._directory.find(server, channel)
        if parent is None or parent.type not in _WITH_ARCHIVE:
            return []
        found: list[Talk] = []
        query: dict[str, str | int] = {"limit": PAGE}
        while True:
            try:
                path = "/channels/{channel_id}/threads/archived/public"
                answer = payload_of(await self._session.ask("GET", path, query=query, channel_id=channel))
            except Rejected:  # the bot may not read the channel's history
                return found
            threads = children(answer, "threads")
            found += self._noted(server, threads)
            if not flag(answer, "has_more") or not threads:
                return found
            # a thread rests since its last message was old, never before: by then, not by its last message, they sort
            archived = moment(child(threads[-1], "thread_metadata"), "archive_timestamp")
            if archived < made_at(str(after)):
                return found
            query["before"] = archived.isoformat()

    def _noted(self, server: str, threads: Sequence[Payload]) -> list[Talk]:
        """The directory knows them from now on, so that what happens in them has a place."""
        known = self._directory.servers.get(server)
        if known is not None:
            for thread in threads:
                channel = channel_of(thread)
                known.channels[channel.id] = channel
        return list(map(_talk, threads))


def _talk(payload: Payload) -> Talk:
    last = optional_identifier(payload, "last_message_id")
    parent = optional_identifier(payload, "parent_id")
    return Talk(identifier(payload, "id"), parent, number(payload, "type"), int(last or 0))
