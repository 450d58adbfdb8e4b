"""What was missed while nobody listened: gaps are opened before live events are accepted, and closed page by page.

Where a platform can be read back, each channel gets a gap at the start, from the last message surely read. A page of
history is accepted like live events (known messages die as duplicates) before the gap moves on, so a kill in between
reads a page again and loses nothing. Then the last day is read once more, for edits and deletions that were missed.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from dialogue.errors import SendError
from dialogue.events import Event, MessageDeleted, MessageEdited, MessagePosted, Place
from dialogue.ports import Chat, Clock, EventSink, FetchesHistory, Storage
from dialogue.rows import Gap
from knowledge_base.channels import Channel
from knowledge_base.ids import PlatformMessageId, platform_id
from knowledge_base.messages import Message

READ_AGAIN: Final = timedelta(hours=24)
MOST_READ_AGAIN: Final = 500
"""Messages of a channel's last day that are compared, at most."""
PAUSE: Final = timedelta(seconds=5)


class Backfill:
    """One page of each open gap a round, so that live traffic is not held up."""

    def __init__(self, storage: Storage, clock: Clock, sink: EventSink, chats: Sequence[Chat]) -> None:
        self._storage = storage
        self._clock = clock
        self._sink = sink
        self._readers = {
            space: chat for chat in chats if isinstance(chat, FetchesHistory) for space in sorted(chat.spaces)
        }

    async def open(self) -> None:
        """Open a gap for every channel that is listened to. Called before any gateway runs, and after a disconnect."""
        async with self._storage.begin() as uow:
            for space in self._readers:
                community = await uow.communities.of_space(space)
                for channel in await uow.channels.all(community) if community else ():
                    if channel.space == space and channel.mode.keeps_messages:
                        after = await uow.gaps.watermark(space, channel.id)
                        if after is not None:  # where nothing was ever read, nothing was missed
                            await uow.gaps.open(Gap(space, channel.id, after, self._clock.now()))
            await uow.commit()

    async def run_once(self) -> int:
        """Read one page of every open gap; returns how many pages held anything or ended a gap."""
        read = 0
        for space, reader in self._readers.items():
            async with self._storage.read() as uow:
                known = await uow.communities.of_space(space) is not None
                gaps = await uow.gaps.all(space) if known else ()
            for gap in gaps:
                try:
                    await self._read_page(reader, gap)
                    read += 1
                except SendError as error:
                    structlog.get_logger().warning("history_unavailable", channel=gap.channel, reason=str(error))
        return read

    async def pause(self) -> timedelta:
        """Until a platform that could not be read is asked again."""
        return PAUSE

    async def _read_page(self, reader: FetchesHistory, gap: Gap) -> None:
        events = await reader.history(gap, gap.after)
        if not events:
            await self._read_again(reader, gap)
            async with self._storage.begin() as uow:
                await uow.gaps.close(gap.space, gap.channel, gap.after)
                await uow.commit()
            return
        await self._sink.accept(events)
        async with self._storage.begin() as uow:
            await uow.gaps.progress(gap.space, gap.channel, last_of(events))
            await uow.commit()

    async def _read_again(self, reader: FetchesHistory, gap: Gap) -> None:
        """The last day once more: edits come with the history, what isn't in it any more was deleted."""
        channel, before, stored = await self._last_day(gap)
        if channel is None or not stored:
            return
        told: list[Event] = []
        page = before
        while events := await reader.history(Gap(gap.space, gap.channel, before, gap.opened_at), page):
            told.extend(events)
            page = last_of(events)
        gone = deletions(stored, told, Place(gap.space, gap.channel, channel.name, channel.audience, channel.shared))
        await self._sink.accept([*told, *gone])

    async def _last_day(self, gap: Gap) -> tuple[Channel | None, PlatformMessageId | None, Sequence[Message]]:
        """The channel, the last stored message older than a day, and those stored since."""
        async with self._storage.read() as uow:
            channel = await uow.channels.get(gap.space, gap.channel)
            if channel is None:
                return None, None, ()
            stored = await uow.messages.recent(channel.community, gap.space, gap.channel, MOST_READ_AGAIN)
        since = self._clock.now() - READ_AGAIN
        older = [message for message in stored if message.at < since]
        return channel, platform_id(older[-1].id) if older else None, [m for m in stored if m.at >= since]


def last_of(events: Sequence[Event]) -> PlatformMessageId:
    """The message up to which a page was read."""
    named = [e.message for e in events if isinstance(e, MessagePosted | MessageEdited | MessageDeleted)]
    return named[-1]


def deletions(stored: Sequence[Message], told: Sequence[Event], place: Place) -> list[MessageDeleted]:
    """What was stored and the platform no longer tells of, though it tells of something newer."""
    there = {event.message for event in told if isinstance(event, MessagePosted | MessageDeleted)}
    newest = max((event.at for event in told if isinstance(event, MessagePosted)), default=None)
    return [
        MessageDeleted(place, platform_id(message.id), message.at)
        for message in stored
        if newest is not None and message.at < newest and platform_id(message.id) not in there
    ]
