"""What was missed in a channel and its threads, in one stream: ids rise with time over all of them."""

from collections.abc import Sequence
from datetime import datetime

from adapters.discord.parse import Reader, edited, is_spoken, posted
from adapters.discord.payload import Malformed, Payload, child, identifier
from adapters.discord.servers import PAGE, Servers
from dialogue.events import Event
from dialogue.rows import Gap
from knowledge_base.ids import PlatformMessageId


async def page_of(
    gap: Gap, page: PlatformMessageId | None, servers: Servers, reader: Reader, now: datetime
) -> Sequence[Event]:
    """The next events after ``page``, oldest first; empty where nothing follows. Raises :class:`SendError`.

    Pages on which only we spoke are passed over, because an empty one would look like the end.
    """
    server, channel = str(gap.space), str(gap.channel)
    await servers.learn(server)
    after = int(page or gap.after or 0)
    while messages := await _next(server, channel, after, servers, now):
        await servers.learn_people(server, messages)
        events = [event for message in messages for event in _told(message, server, reader)]
        if events:
            return events
        after = int(identifier(messages[-1], "id"))
    servers.read_to_the_end(channel)
    return ()


async def _next(server: str, channel: str, after: int, servers: Servers, now: datetime) -> Sequence[Payload]:
    found: list[Payload] = []
    if not servers.is_forum(server, channel):
        found += await servers.messages(channel, after)
    for thread in await servers.threads(server, channel, after, now):
        found += await servers.messages(thread.id, after)
    return sorted(found, key=lambda message: int(identifier(message, "id")))[:PAGE]


def _told(message: Payload, server: str, reader: Reader) -> Sequence[Event]:
    """A message as it is today, and that it was changed. What stands in no channel of the server is a direct one."""
    try:
        if not is_spoken(message, reader):
            return ()
        channel = identifier(message, "channel_id")
        is_direct = reader.directory.find(server, channel) is None
        place = (
            reader.direct_place(channel, child(message, "author"), server)
            if is_direct
            else reader.place(server, channel)
        )
        said = posted(message, place, reader, live=False)
        if said is None:
            return ()
        change = edited(message, place, reader)
    except Malformed:
        return ()
    return (said,) if change is None else (said, change)
