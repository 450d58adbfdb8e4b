"""What the bot needs to be allowed on a server, by Discord's names, and what of it it surely lacks in a place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.discord.directory import ADMINISTRATOR, VIEW_CHANNEL, Directory, Server, ServerChannel

ADD_REACTIONS: Final = "Add Reactions"
VIEW: Final = "View Channels"
SEND: Final = "Send Messages"
ATTACH_FILES: Final = "Attach Files"
READ_HISTORY: Final = "Read Message History"
MANAGE_ROLES: Final = "Manage Roles"
CREATE_THREADS: Final = "Create Public Threads"
SEND_IN_THREADS: Final = "Send Messages in Threads"

PERMISSIONS: Final[Mapping[str, int]] = {
    ADD_REACTIONS: 1 << 6,
    VIEW: VIEW_CHANNEL,
    SEND: 1 << 11,
    ATTACH_FILES: 1 << 15,
    READ_HISTORY: 1 << 16,
    MANAGE_ROLES: 1 << 28,
    CREATE_THREADS: 1 << 35,
    SEND_IN_THREADS: 1 << 38,
}
"""All that are in use (https://docs.discord.com/developers/topics/permissions)."""

_EVERYTHING: Final = -1


def missing(
    directory: Directory, me: str, server: str, channel: str | None, needed: Sequence[str]
) -> Sequence[str] | None:
    """Those of the needed permissions that the bot lacks in a channel or thread, or (None) on the server.

    None where the place, or which roles the bot has there, isn't known: then only Discord can tell.
    """
    held = directory.held.get((server, channel))
    if held is None:
        held = _held_at(directory, me, server, channel)
        if held is not None:
            directory.held[server, channel] = held
    return None if held is None else [name for name in needed if not held & PERMISSIONS[name]]


def _held_at(directory: Directory, me: str, server: str, channel: str | None) -> int | None:
    known = directory.servers.get(server)
    place = directory.find(server, channel) if channel is not None else None
    if known is None or (place is None and channel is not None):
        return None
    if place is not None and place.is_thread:  # a thread has no overwrites of its own
        place = known.channels.get(place.parent or "")
        if place is None:
            return None
    return _held(known, place, me)


def _held(server: Server, channel: ServerChannel | None, me: str) -> int | None:
    """All that the bot may do, or None where its roles aren't known."""
    if server.mine is None or server.id not in server.roles:
        return None
    roles = (server.id, *server.mine)
    held = _all(server.roles[role].permissions for role in roles if role in server.roles)
    if me == server.owner or held & ADMINISTRATOR:
        return _EVERYTHING
    overwrites = channel.overwrites if channel is not None else {}
    for group in ((server.id,), server.mine, (me,)):  # the later ones go before the earlier ones
        found = [overwrites[each] for each in group if each in overwrites]
        held = held & ~_all(denied for denied, _ in found) | _all(allowed for _, allowed in found)
    return held


def _all(bits: Iterable[int]) -> int:
    total = 0
    for each in bits:
        total |= each
    return total
