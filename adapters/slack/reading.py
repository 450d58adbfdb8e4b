"""From what came in to events: looks up who and where, then parses. What can't be read is logged and skipped."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog

from adapters.slack.api import Api, Me
from adapters.slack.directory import Directory
from adapters.slack.fields import Table, strings, table, text
from adapters.slack.parse import KNOWN, Malformed, Surroundings, channel_of, event_of, mentions_of, users_of
from dialogue.events import Event, Interaction


@dataclass(frozen=True, slots=True)
class Deed:
    """An interaction that is to be kept. ``made``: its event, once it is known who did it and where."""

    user: str
    channel: str
    made: Callable[[Surroundings], Interaction]


class Reader:
    """Reads for one workspace. Raises RateLimited or Unavailable where Slack can't be asked now."""

    def __init__(self, me: Me, directory: Directory, api: Api) -> None:
        self._me = me
        self._directory = directory
        self._api = api

    async def events(self, what: Table | Deed) -> Sequence[Event]:
        """The events of one payload: one or none."""
        if isinstance(what, Deed):
            return [what.made(await self.around(what.channel, [what.user]))]
        event = table(what, "event")
        self._heed(event)
        kind = text(event, "type")
        if kind not in KNOWN:
            skipped(kind or text(what, "type"), "unknown")
            return []
        try:
            found = event_of(event, text(what, "event_id"), await self._around(event, kind))
        except Malformed as error:
            skipped(str(error), "malformed")
            return []
        return [found] if found is not None else []

    async def around(self, channel: str, users: Iterable[str], mentions: Sequence[str] = ()) -> Surroundings:
        """What is to be known beside a payload of that channel, about those users, and who is mentioned if possible."""
        room = await self._directory.room(channel)
        people = await self._directory.people(users)
        return Surroundings(self._me, room, await self._directory.named(mentions) | people)

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


def skipped(kind: str, why: str) -> None:
    """Note that a payload was left out: by its kind, never by what it says."""
    structlog.get_logger().info("payload_skipped", platform="slack", type=kind[:80], reason=why)
