"""What was missed in a channel and its threads, in one stream: ids rise with time over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.discord.directory import channel_of
from adapters.discord.parse import Reader, edited, is_spoken, posted
from adapters.discord.payload import Payload, child, children, identifier, number, optional_identifier
from adapters.discord.servers import PAGE, Servers
from adapters.discord.skipping import skipping
from adapters.discord.snowflakes import made_at
from dialogue.events import Event, Place
from dialogue.rows import Gap
from knowledge_base.ids import PlatformMessageId

_DIRECT: Final = 1


@dataclass(frozen=True, slots=True)
class _Source:
    """What is read: a channel of a server, with its threads, or a direct one."""

    server: str
    channel: str
    direct: bool


async def page_of(gap: Gap, page: PlatformMessageId | None, servers: Servers, reader: Reader) -> Sequence[Event]:
    """The next events after ``page``, oldest first; empty where nothing follows. Raises :class:`SendError`.

    Pages on which only we spoke are passed over, because an empty one would look like the end.
    """
    source = await _source(str(gap.space), str(gap.channel), servers, reader)
    if source is None:
        return ()
    after = int(page or gap.after or 0)
    while messages := await _next(source, after, servers, reader):
        await servers.learn_people(source.server, messages)
        events = [event for message in messages for event in _told(message, source, reader)]
        if events:
            return events
        after = int(identifier(messages[-1], "id"))
    servers.read_to_the_end(source.channel)
    return ()


async def _source(server: str, channel: str, servers: Servers, reader: Reader) -> _Source | None:
    """What there is to read, decided before anything is read; None where nothing is, or it is another server's."""
    directory = reader.directory
    await servers.learn(server)
    if directory.find(server, channel) is not None:
        return _Source(server, channel, direct=False)
    told = await servers.channel(channel)
    if told is None:
        return None
    if number(told, "type") == _DIRECT:
        return _Source(server, channel, direct=True) if await _is_of(server, told, servers, reader) else None
    known = directory.servers.get(server)
    if known is None or optional_identifier(told, "guild_id") != server:
        return None
    known.channels[channel] = channel_of(told)
    return _Source(server, channel, direct=False)


async def _is_of(server: str, told: Payload, servers: Servers, reader: Reader) -> bool:
    """Whether a direct channel belongs to that server.

    Who asks to read it back has heard it before: so, where nothing else is known, it belongs there, as long as the
    person does; with all that was said there, unless it belonged to another before.
    """
    directory = reader.directory
    channel, people = identifier(told, "id"), children(told, "recipients")
    home = directory.noted_home(channel)
    if home is None and people:
        account = identifier(people[0], "id")
        if directory.is_on_one_server or await servers.has(server, account):
            before = directory.talks.home_at(channel, reader.now)
            directory.talks.note(channel, account, server, made_at(channel) if before is None else reader.now)
            return True
    return home == server


async def _next(source: _Source, after: int, servers: Servers, reader: Reader) -> Sequence[Payload]:
    found: list[Payload] = []
    if source.direct or not servers.is_forum(source.server, source.channel):
        found += await servers.messages(source.channel, after)
    if not source.direct:
        for thread in await servers.threads(source.server, source.channel, after, reader.now):
            found += await servers.messages(thread.id, after)
    return sorted(found, key=lambda message: int(identifier(message, "id")))[:PAGE]


def _told(message: Payload, source: _Source, reader: Reader) -> Sequence[Event]:
    """A message as it is today, and that it was changed."""
    told: list[Event] = []
    with skipping("MESSAGE"):
        if not is_spoken(message, reader):
            return ()
        place = _place(message, source, reader)
        said = posted(message, place, reader, live=False)
        if said is not None:
            change = edited(message, place, reader)
            told += [said] if change is None else [said, change]
    return told


def _place(message: Payload, source: _Source, reader: Reader) -> Place | None:
    """Where it was said; None where that is gone meanwhile, or was said to another server."""
    channel = identifier(message, "channel_id")
    if not source.direct:
        return reader.place(source.server, channel)
    found = identifier(message, "id")
    if channel != source.channel or reader.directory.talks.home_at(channel, made_at(found)) != source.server:
        return None
    return reader.direct_place(found, channel, child(message, "author"), source.server)
