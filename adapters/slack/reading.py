"""From what came in to events: looks up who and where, then parses. What can't be read is logged and skipped."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from adapters.slack.api import Api, Me
from adapters.slack.changes import (
    GONE,
    HEEDED,
    JOINED,
    OF_CHANNELS,
    OF_PEOPLE,
    channel_changed,
    member_changed,
    place_deleted,
)
from adapters.slack.directory import Directory
from adapters.slack.fields import Table, is_id, strings, table, text
from adapters.slack.parse import (
    KNOWN,
    Malformed,
    Surroundings,
    actor_of,
    channel_of,
    event_of,
    mentions_of,
    moment,
    tells_nothing,
    users_of,
)
from dialogue.events import Actor, Event


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is to be kept, and that Slack does not deliver again, such as an interaction.

    ``made``: its events, once it is known where it was and who did it. ``user``: who did it, if anybody did.
    ``chosen``: the channels that it names.
    """

    channel: str
    made: Callable[[Surroundings], Sequence[Event]]
    user: str | None = None
    chosen: Sequence[str] = ()


class Reader:
    """Reads for one workspace. Raises RateLimited or Unavailable where Slack can't be asked now."""

    def __init__(self, me: Me, directory: Directory, api: Api) -> None:
        self._me = me
        self._directory = directory
        self._api = api

    async def events(self, what: Table | Deed) -> Sequence[Event]:
        """The events of one payload, often none."""
        try:
            if isinstance(what, Deed):
                users = [] if what.user is None else [what.user]
                return what.made(await self.around(what.channel, users, chosen=what.chosen))
            event = table(what, "event")
            self._heed(event)
            found = await self._read(event, text(event, "type"), what)
        except Malformed as error:
            skipped(str(error), "malformed")
            return []
        return [found] if found is not None else []

    async def around(
        self, channel: str, users: Iterable[str], mentions: Sequence[str] = (), chosen: Sequence[str] = ()
    ) -> Surroundings:
        """What is to be known beside a payload of that channel, about those users, and who is mentioned if possible.

        Raises Malformed, before anything is asked, where something is named as nothing in Slack is.
        """
        users = tuple(users)
        if not all(is_id(one) for one in (channel, *users, *chosen)):
            raise Malformed("id")
        room, people = await self._directory.room(channel), await self._directory.people(users)
        rooms = await asyncio.gather(*(self._directory.room(one) for one in chosen)) if chosen else ()
        named = await self._directory.mentioned(mentions)
        return Surroundings(self._me, room, named | people, dict(zip(chosen, rooms, strict=True)))

    async def expect(self, users: Iterable[str]) -> None:
        """These will be asked about, one after the other."""
        await self._directory.expect(users)

    async def actor(self, user: str) -> Actor:
        """Who somebody is."""
        return actor_of(user, await self._directory.people([user]))

    async def _read(self, event: Table, kind: str, what: Table) -> Event | None:
        name = text(what, "event_id")
        if kind in OF_PEOPLE:
            return await self._changed(table(event, "user"), kind, name, when(event, what))
        if kind == JOINED and text(event, "user") == self._me.user:
            return channel_changed(channel_of(event), name, await self._around(event, kind), when(event, what))
        if kind in OF_CHANNELS:
            return channel_changed(channel_of(event), name, await self._around(event, kind), when(event, what))
        if kind in GONE:
            return await self._gone(event, kind, what)
        if kind in KNOWN:
            if tells_nothing(event, self._me):
                return None
            return event_of(event, name, await self._around(event, kind))
        if kind != JOINED and kind not in HEEDED:
            skipped(kind or text(what, "type"), "unknown")
        return None

    async def _changed(self, user: Table, kind: str, name: str, at: datetime) -> Event | None:
        known = text(user, "id")
        if not is_id(known):
            raise Malformed(kind)
        actor = actor_of(known, {known: await self._directory.told(user, at)})
        return member_changed(self._me.team, actor, name, at)

    async def _gone(self, event: Table, kind: str, what: Table) -> Event:
        """Believed only where Slack says so itself: what is deleted with a place does not come back."""
        around, at = await self._around(event, kind), when(event, what)
        channel = channel_of(event)
        if await self._directory.is_gone(channel):
            return place_deleted(event, around, at)
        return channel_changed(channel, text(what, "event_id"), await self._around(event, kind), at)

    async def _around(self, event: Table, kind: str) -> Surroundings:
        channel = channel_of(event)
        if not channel:
            raise Malformed(kind)
        return await self.around(channel, users_of(event), mentions_of(event))

    def _heed(self, event: Table) -> None:
        self._directory.heed(event)
        kind = text(event, "type")
        if kind == "app_uninstalled" or (kind == "tokens_revoked" and strings(event, "tokens", "bot")):
            self._api.revoke(kind)


def when(event: Table, what: Table) -> datetime:
    """When an event was; not every one says it itself. Raises Malformed."""
    told = what.get("event_time")
    return moment(text(event, "event_ts") or (str(told) if isinstance(told, int) else "0"))


def skipped(kind: str, why: str) -> None:
    """Note that a payload was left out: by its kind, never by what it says."""
    structlog.get_logger().info("payload_skipped", platform="slack", type=kind[:80], reason=why)
