"""What a channel holds, read patiently: the calls may be limited to one a minute, so nothing read is read again.

Slack tells the newest first and leaves replies out, so a gap is read whole, threads included, before its first page is
told. A thread's new replies are found where its root was written within :data:`REACH` before the gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from adapters.slack.api import Api
from adapters.slack.fields import Table, rows, text
from adapters.slack.parse import GRAVE, SAID, Malformed, edited, gone, mentions_of, posted, users_of
from adapters.slack.reading import Reader, skipped
from dialogue.errors import Rejected
from dialogue.events import Event
from dialogue.rows import Gap
from knowledge_base.ids import PlatformMessageId

REACH: Final = timedelta(days=7)
PAGE: Final = 100
"""Messages of one page that is told."""
ASKED: Final = 200
"""Messages of one page that Slack is asked for."""
THREAD_GONE: Final = "thread_not_found"
BEGINNING: Final = "0000000000.000000"


@dataclass(slots=True)
class Search:
    """How far a channel was read: what is still to be read, and what was found. ``start``: a ts, exclusive."""

    channel: str
    start: str
    cursor: str = ""
    main_read: bool = False
    threads: list[str] = field(default_factory=list)
    found: dict[str, Table] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether all of it was read."""
        return self.main_read and not self.threads


async def read_on(api: Api, search: Search) -> None:
    """Read the next page of a search that isn't complete. Raises a SendError; nothing read is lost then.

    A thread whose root was deleted meanwhile is left out: nothing of it is there any more.
    """
    if search.main_read:
        try:
            told = await api.read("conversations.replies", **_arguments(search, search.start), ts=search.threads[0])
        except Rejected as error:
            if not str(error).endswith(THREAD_GONE):
                raise
            told = {}
    else:
        told = await api.read("conversations.history", **_arguments(search, earlier(search.start)))
    for message in rows(told, "messages"):
        ts = text(message, "ts")
        if ts > search.start:
            search.found[ts] = message
        if not search.main_read and text(message, "latest_reply") > search.start and ts not in search.threads:
            search.threads.append(ts)
    search.cursor = text(told, "response_metadata", "next_cursor")
    if not search.cursor:
        if search.main_read:
            search.threads.pop(0)
        search.main_read = True


def earlier(ts: str) -> str:
    """A ts that lies REACH before."""
    return f"{max(float(ts) - REACH.total_seconds(), 0):017.6f}"


def _arguments(search: Search, oldest: str) -> dict[str, str | int]:
    more: dict[str, str | int] = {"cursor": search.cursor} if search.cursor else {}
    return {
        "channel": search.channel,
        "oldest": oldest,
        "limit": ASKED,
        "include_all_metadata": "true",
        **more,
    }


class History:
    """Pages of gaps, oldest first."""

    def __init__(self, api: Api, reader: Reader) -> None:
        self._api = api
        self._reader = reader
        self._searches: dict[str, Search] = {}

    async def page(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        """See :meth:`dialogue.ports.FetchesHistory.history`."""
        start = str(page or gap.after or BEGINNING)
        search = self._searches.get(gap.channel)
        if search is None or search.start > start:
            search = self._searches[gap.channel] = Search(gap.channel, start)
        while not search.complete:
            await read_on(self._api, search)
        events = await self._told(search, start)
        if not events:
            del self._searches[gap.channel]
        return events

    def forget(self) -> None:
        """More may have been missed meanwhile: read anew."""
        self._searches.clear()

    async def _told(self, search: Search, start: str) -> list[Event]:
        """The events of the next messages that tell of anything, a page at most."""
        events: list[Event] = []
        messages = 0
        found = [search.found[ts] for ts in sorted(search.found) if ts > start]
        await self._reader.expect(user for message in found[:PAGE] for user in users_of(message))
        for message in found:
            told = await self._events_of(message, search.channel)
            events += told
            messages += bool(told)
            if messages == PAGE:
                break
        return events

    async def _events_of(self, message: Table, channel: str) -> list[Event]:
        subtype = text(message, "subtype")
        if subtype != GRAVE and subtype not in SAID:
            return []
        try:
            around = await self._reader.around(channel, users_of(message), mentions_of(message))
            if subtype == GRAVE:
                return [gone(message, channel, around)]
            found = [posted(message, channel, around, live=False), edited(message, channel, around)]
        except Malformed as error:
            skipped(str(error), "malformed")
            return []
        return [event for event in found if event is not None]
