"""Looking for what may have been sent: our outbox's key is in the metadata of each post."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.slack.api import Api, Me
from adapters.slack.fields import rows, text
from adapters.slack.history import Search, read_on
from adapters.slack.parse import is_ours
from dialogue.actions import OutboxId
from dialogue.errors import Rejected, Unavailable
from dialogue.rows import SentRef
from knowledge_base.ids import ChannelId, PlatformMessageId

EVENT_TYPE: Final = "parley"
SKEW: Final = timedelta(minutes=1)
"""How far our clock may be ahead of Slack's."""
KINDS: Final = "public_channel,private_channel,mpim,im"
MOST_REMEMBERED: Final = 1_000
_CLOSED_TO_US: Final = ("channel_not_found", "not_in_channel", "is_archived")


def metadata(key: OutboxId) -> dict[str, object]:
    """What a post carries."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


class Finder:
    """Searches where this program aimed, or else every channel we are in. What was searched is not searched again."""

    def __init__(self, api: Api, me: Me) -> None:
        self._api = api
        self._me = me
        self._aims: dict[OutboxId, tuple[str, str | None] | None] = {}
        self._searches: dict[OutboxId, dict[str, Search]] = {}

    def aim(self, key: OutboxId, channel: str, thread: str | None) -> None:
        """A post with this key is about to go there."""
        self._note(key, (channel, thread))

    def nowhere(self, key: OutboxId) -> None:
        """What has this key is kept in no channel, so there is nothing to search."""
        self._note(key, None)

    def _note(self, key: OutboxId, where: tuple[str, str | None] | None) -> None:
        while len(self._aims) >= MOST_REMEMBERED:
            del self._aims[next(iter(self._aims))]
        self._aims[key] = where

    async def find(self, key: OutboxId, since: datetime) -> SentRef | None:
        """See :meth:`dialogue.ports.FindsSent.find_sent`. Replies hang on roots written a week before, at most."""
        if key in self._aims and self._aims[key] is None:
            return None
        searches = self._searches.setdefault(key, {})
        start = f"{(since - SKEW).timestamp():017.6f}"
        aimed = self._aims.get(key)
        for channel, thread in [aimed] if aimed else [(channel, None) for channel in await self._channels()]:
            fresh = Search(channel, start, threads=[thread] if thread else [])
            found = await self._look(key, searches.setdefault(channel, fresh))
            if found is not None:
                del self._searches[key]
                return found
        del self._searches[key]
        return None

    async def _look(self, key: OutboxId, search: Search) -> SentRef | None:
        while True:
            for ts, message in search.found.items():
                carried = text(message, "metadata", "event_payload", "key")
                if carried == key and is_ours(message, self._me):
                    return SentRef(ChannelId(search.channel), PlatformMessageId(ts))
            search.found.clear()
            if search.complete:
                return None
            try:
                await read_on(self._api, search)
            except Rejected as error:
                if not str(error).endswith(_CLOSED_TO_US):
                    raise Unavailable(str(error)) from error
                return None

    async def _channels(self) -> Sequence[str]:
        found: list[str] = []
        cursor: dict[str, str | int] = {}
        while True:
            told = await self._api.read("users.conversations", types=KINDS, limit=200, **cursor)
            found += [text(channel, "id") for channel in rows(told, "channels")]
            cursor = {"cursor": text(told, "response_metadata", "next_cursor")}
            if not cursor["cursor"]:
                return found
