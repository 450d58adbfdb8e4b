"""What was missed while nobody listened: gaps are opened before live events are accepted, and closed page by page.

Where a platform can be read back, each channel gets a gap at the start, from the last message surely read. A page of
history is accepted like live events (known messages die as duplicates) before the gap moves on, so a kill in between
reads a page again and loses nothing. Then the last day is read once more, for edits and deletions that were missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.logs import where
from dialogue.errors import RateLimited, SendError, StorageUnavailable
from dialogue.events import Event, MessageDeleted, MessageEdited, MessagePosted, Place
from dialogue.ports import Chat, Clock, EventSink, FetchesHistory, Storage
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, platform_id
from knowledge_base.messages import Message

READ_AGAIN: Final = timedelta(hours=24)
MOST_READ_AGAIN: Final = 500
"""Messages of a channel's last day that are compared, at most."""
PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)

Lane = tuple[SpaceId, ChannelId]


@dataclass(slots=True)
class Comparison:
    """How far a channel's last day was compared with what is stored. A new program begins it anew."""

    place: Place
    stored: Sequence[Message]
    page: PlatformMessageId
    there: set[PlatformMessageId] = field(default_factory=set)
    newest: dict[PlatformMessageId | None, datetime] = field(default_factory=dict)
    """By thread (None: outside of any) when the last message that the platform told of was said."""

    def hear(self, told: Sequence[Event]) -> None:
        """The platform tells of these."""
        self.there |= {event.message for event in told if isinstance(event, MessagePosted | MessageDeleted)}
        for event in told:
            if isinstance(event, MessagePosted):
                thread = event.place.thread
                self.newest[thread] = max(event.at, self.newest.get(thread, event.at))

    def deletions(self) -> list[MessageDeleted]:
        """What was stored and the platform no longer tells of, though it tells of something newer beside it.

        Beside it means in the same thread: a platform's history need not reach into every thread, so that one of which
        it tells nothing tells nothing of deletions.
        """
        return [
            MessageDeleted(self.place, platform_id(gone.id), gone.at) for gone in self.stored if self._is_gone(gone)
        ]

    def _is_gone(self, message: Message) -> bool:
        newest = self.newest.get(platform_id(message.thread) if message.thread else None)
        return newest is not None and message.at < newest and platform_id(message.id) not in self.there


class Backfill:
    """One page of each open gap a round, so that live traffic is not held up."""

    def __init__(self, storage: Storage, clock: Clock, sink: EventSink, chats: Sequence[Chat]) -> None:
        self._storage = storage
        self._clock = clock
        self._sink = sink
        self._chats = chats
        self._comparisons: dict[Lane, Comparison] = {}
        self._failures: dict[Lane, int] = {}
        self._not_before: dict[Lane | SpaceId, datetime] = {}

    async def open(self) -> None:
        """Open a gap for every channel that is listened to. Called before any gateway runs."""
        for space in self._readers():
            await self._sink.interrupted(space)

    async def run_once(self) -> int:
        """Read one page of every open gap that may be read now; returns how many pages were read."""
        read = 0
        for space, reader in self._readers().items():
            for gap in await self._gaps(space):
                if self._may_read(space) and self._may_read((space, gap.channel)):
                    read += await self._try(reader, gap)
        return read

    async def pause(self) -> timedelta:
        """Until a platform that could not be read may be asked again."""
        now = self._clock.now()
        return min((until - now for until in self._not_before.values() if until > now), default=PAUSE)

    def _readers(self) -> Mapping[SpaceId, FetchesHistory]:
        """Asked anew each time: spaces are joined while the program runs."""
        return {
            space: chat for chat in self._chats if isinstance(chat, FetchesHistory) for space in sorted(chat.spaces)
        }

    def _may_read(self, what: Lane | SpaceId) -> bool:
        return self._not_before.get(what, self._clock.now()) <= self._clock.now()

    async def _gaps(self, space: SpaceId) -> Sequence[Gap]:
        async with self._storage.read() as uow:
            known = await uow.communities.of_space(space) is not None
            return await uow.gaps.all(space) if known else ()

    async def _try(self, reader: FetchesHistory, gap: Gap) -> int:
        """Read a page. What goes wrong holds this gap up, or its space where the platform says so, and no other."""
        lane, now = (gap.space, gap.channel), self._clock.now()
        try:
            await self._read_page(reader, gap)
        except StorageUnavailable:
            raise
        except RateLimited as error:
            self._not_before[gap.space] = now + error.after
            structlog.get_logger().info("history_rate_limited", space=gap.space, seconds=error.after.total_seconds())
            return 0
        except Exception as error:  # noqa: BLE001 - whatever one channel's history raised, the others must go on
            self._failures[lane] = self._failures.get(lane, 0) + 1
            self._not_before[lane] = now + min(PAUSE * 2 ** min(self._failures[lane] - 1, 10), LONGEST_PAUSE)
            reason = str(error) if isinstance(error, SendError) else where(error)
            structlog.get_logger().warning("history_unavailable", channel=gap.channel, reason=reason)
            return 0
        self._failures.pop(lane, None)
        return 1

    async def _read_page(self, reader: FetchesHistory, gap: Gap) -> None:
        """The next page of what was missed; where that is read, of the last day; where that is too, the gap's end."""
        lane = (gap.space, gap.channel)
        if lane not in self._comparisons:
            if await self._missed_page(reader, gap):
                return
            comparison = await self._last_day(gap)
            if comparison is not None:
                self._comparisons[lane] = comparison
                return
        elif await self._compared_page(reader, gap, self._comparisons[lane]):
            return
        async with self._storage.begin() as uow:
            await uow.gaps.close(gap.space, gap.channel, gap.after)
            await uow.commit()
        self._comparisons.pop(lane, None)

    async def _missed_page(self, reader: FetchesHistory, gap: Gap) -> bool:
        events = await reader.history(gap, gap.after)
        if events:
            await self._sink.accept(events)
        last = last_of(events)
        if last is None:
            return False
        async with self._storage.begin() as uow:
            await uow.gaps.progress(gap.space, gap.channel, last)
            await uow.commit()
        return True

    async def _compared_page(self, reader: FetchesHistory, gap: Gap, comparison: Comparison) -> bool:
        """Edits come with the history; what isn't in it any more was deleted, which is known at its end."""
        events = await reader.history(Gap(gap.space, gap.channel, comparison.page, gap.opened_at), comparison.page)
        last = last_of(events)
        comparison.hear(events)
        gone = comparison.deletions() if last is None else []
        if events or gone:
            await self._sink.accept([*events, *gone])
        comparison.page = last or comparison.page
        return last is not None

    async def _last_day(self, gap: Gap) -> Comparison | None:
        """What is stored since the last message older than a day. None where nothing is.

        Where none is that old it begins after the oldest one looked at, never at the channel's beginning: what was
        said before the bot came is not for it to read.
        """
        async with self._storage.read() as uow:
            channel = await uow.channels.get(gap.space, gap.channel)
            if channel is None:
                return None
            stored = await uow.messages.recent(channel.community, gap.space, gap.channel, MOST_READ_AGAIN)
        if not stored:
            return None
        since = self._clock.now() - READ_AGAIN
        first = max((index for index, message in enumerate(stored) if message.at < since), default=0)
        place = Place(gap.space, gap.channel, channel.name, channel.audience, channel.shared, direct=channel.direct)
        return Comparison(place, stored[first + 1 :], platform_id(stored[first].id))


def last_of(events: Sequence[Event]) -> PlatformMessageId | None:
    """The message up to which a page was read, or None where it tells of none, so that nothing follows it."""
    named = [e.message for e in events if isinstance(e, MessagePosted | MessageEdited | MessageDeleted)]
    return named[-1] if named else None
