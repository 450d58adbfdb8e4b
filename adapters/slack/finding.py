"""Looking for what may have been sent: our outbox's key is in the metadata of each post."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.slack.api import Api, Me
from adapters.slack.fields import Table, rows, text
from adapters.slack.parse import is_ours
from dialogue.actions import OutboxId
from dialogue.errors import Rejected, Unavailable
from dialogue.rows import SentRef
from knowledge_base.ids import ChannelId, PlatformMessageId

EVENT_TYPE: Final = "parley"
SKEW: Final = timedelta(minutes=1)
"""How far our clock may be ahead of Slack's."""
ASKED: Final = 200
"""Messages of one page that Slack is asked for."""
MOST_REMEMBERED: Final = 1_000
_NOTHING_THERE: Final = ("channel_not_found", "is_archived", "thread_not_found")


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a post was to go. ``since``: it was not sent before."""

    channel: str
    thread: str | None
    since: datetime


def metadata(key: OutboxId) -> dict[str, object]:
    """What a post carries."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


class Finder:
    """Searches one channel, or one thread of it. What was searched before a limit is not searched again after it."""

    def __init__(self, api: Api, me: Me) -> None:
        self._api = api
        self._me = me
        self._cursors: dict[OutboxId, str] = {}

    async def find(self, key: OutboxId, aim: Aim) -> SentRef | None:
        """See :meth:`dialogue.ports.FindsSent.find_sent`."""
        while True:
            try:
                told = await self._page(aim, self._cursors.get(key, ""))
            except Rejected as error:
                # also where a cursor no longer holds: the search begins anew
                self._cursors.pop(key, None)
                if not str(error).endswith(_NOTHING_THERE):
                    raise Unavailable(str(error)) from error
                return None
            found = next((text(row, "ts") for row in rows(told, "messages") if self._carries(row, key)), None)
            cursor = text(told, "response_metadata", "next_cursor")
            self._cursors.pop(key, None)
            if found is not None:
                return SentRef(ChannelId(aim.channel), PlatformMessageId(found))
            if not cursor:
                return None
            self._note(key, cursor)

    async def _page(self, aim: Aim, cursor: str) -> Table:
        method, more = ("replies", {"ts": aim.thread}) if aim.thread else ("history", {})
        return await self._api.read(
            f"conversations.{method}",
            channel=aim.channel,
            oldest=f"{(aim.since - SKEW).timestamp():017.6f}",
            limit=ASKED,
            include_all_metadata="true",
            **more,
            **({"cursor": cursor} if cursor else {}),
        )

    def _carries(self, message: Table, key: OutboxId) -> bool:
        return text(message, "metadata", "event_payload", "key") == key and is_ours(message, self._me)

    def _note(self, key: OutboxId, cursor: str) -> None:
        while len(self._cursors) >= MOST_REMEMBERED:
            del self._cursors[next(iter(self._cursors))]
        self._cursors[key] = cursor
