"""Channels that have another name or other readers than before an event."""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.discord.directory import CATEGORY
from adapters.discord.parse import Reader
from adapters.discord.payload import Payload, child, optional_identifier
from dialogue.events import Place

_CHANGING: Final = frozenset({"CHANNEL_UPDATE", "GUILD_CREATE", "GUILD_UPDATE", "GUILD_ROLE_UPDATE"})


def places_before(name: str, payload: Payload, reader: Reader) -> Mapping[str, Place]:
    """The channels that an event might change, by id. Asked before the directory takes it in."""
    if name not in _CHANGING:
        return {}
    server = optional_identifier(payload, "id" if name in {"GUILD_CREATE", "GUILD_UPDATE"} else "guild_id")
    known = reader.directory.servers.get(server or "")
    if known is None:
        return {}
    if name == "GUILD_ROLE_UPDATE" and child(payload, "role").get("id") != known.id:
        return {}  # who may read a channel is told by the role of everybody alone
    one = optional_identifier(payload, "id") or "" if name == "CHANNEL_UPDATE" else None
    channels = known.channels.values() if one is None else [found for found in [known.channels.get(one)] if found]
    shown = [each for each in channels if not each.is_thread and each.type != CATEGORY]
    places = {each.id: reader.place(known.id, each.id) for each in shown}
    return {channel: place for channel, place in places.items() if place is not None}


def changed(before: Mapping[str, Place], reader: Reader) -> Sequence[Place]:
    """Those of them that are different now, as they are now. What is gone has not changed."""
    after = [reader.place(place.space, place.channel) for place in before.values()]
    return [place for place in after if place is not None and place != before[place.channel]]
