"""Of which servers this process hears at this moment.

A connection begins with READY, which names the servers of its shard; each comes after it with a GUILD_CREATE, and only
then is everything heard that happens there. Lost, it goes on with RESUMED, or begins anew.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

from adapters.discord.client import LOST, SHARD
from adapters.discord.directory import shard_for, shard_of
from adapters.discord.payload import Payload, children, flag, identifier, number
from dialogue.errors import Unavailable

CONNECTING: Final = 5.0
"""Seconds for which reading history waits for the connection."""

_TELLING: Final = frozenset({"READY", "RESUMED", "GUILD_CREATE", "GUILD_DELETE", LOST})


class Presence:
    """What the gateway said of shards and servers. ``owned``: the shards of this process, none for all there are.

    ``sessions``: how many were begun; whoever read something while another began may have missed what was said then.
    """

    def __init__(self, owned: Iterable[int]) -> None:
        self._owned = frozenset(owned)
        self._runs = False
        self._count = 1
        self._begun: set[int] = set()
        self._connected: set[int] = set()
        self._awaited: set[str] = set()
        self._changed = asyncio.Event()
        self.sessions = 0

    def start(self) -> None:
        """From now on connections are made."""
        self._runs = True
        self._begun = set()
        self.lose()

    def stop(self) -> None:
        """Nothing connects any more."""
        self._runs = False
        self.lose()

    def lose(self) -> None:
        """No shard has a connection."""
        self._connected, self._awaited = set(), set()
        self._tell()

    def apply(self, name: str, payload: Payload) -> None:
        """Take in an event; most change nothing."""
        if name not in _TELLING:
            return
        match name:
            case "READY":
                shard, self._count = shard_of(payload)
                self._connected.add(shard)
                told = {identifier(each, "id") for each in children(payload, "guilds")}
                self._awaited = {each for each in self._awaited if shard_for(each, self._count) != shard} | told
                self._begun.add(shard)
                self.sessions += 1
            case "RESUMED":
                self._connected.add(number(payload, SHARD))
            case "GUILD_CREATE" if not flag(payload, "unavailable"):
                self._awaited.discard(identifier(payload, "id"))
            case "GUILD_DELETE":
                self._awaited.discard(identifier(payload, "id"))
                if flag(payload, "unavailable"):
                    self._awaited.add(identifier(payload, "id"))
            case _ if name == LOST:
                self._connected.discard(number(payload, SHARD))
        self._tell()

    def began_before(self, shard: int) -> bool:
        """Whether the shard had a connection already: then what came in between may have been missed."""
        return shard in self._begun

    def hears(self, server: str) -> bool:
        """Whether everything is heard that happens there, so that what is known of it is as it is now."""
        return shard_for(server, self._count) in self._connected and server not in self._awaited

    async def heard(self, server: str) -> None:
        """Returns once what is said there arrives, or where nothing connects anyway.

        Raises :class:`Unavailable` where that takes longer than :data:`CONNECTING`, or the connecting ended.
        """
        if not self._runs:
            return
        try:
            async with asyncio.timeout(CONNECTING):
                while not self._may_read(server):
                    await self._changed.wait()
        except TimeoutError as error:
            raise Unavailable("Discord is not connected yet") from error

    def _may_read(self, server: str) -> bool:
        if not self._runs:
            raise Unavailable("Discord is not connected any more")
        return self._begun >= (self._owned or set(range(self._count))) and server not in self._awaited

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
