"""Slack's workspace export: a zip with ``users.json``, lists of channels, and a folder a channel with a file a day.

https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.files.converting.archive import Archive
from adapters.files.converting.parts import Part, mapping, mappings, parsed, string, strings
from adapters.files.converting.rows import Line
from adapters.files.converting.slack_text import Names, readable
from adapters.files.errors import BrokenExport
from knowledge_base.channels import Audience
from knowledge_base.members import Role

_LISTS: Final = {
    "channels.json": Audience.PUBLIC,
    "groups.json": Audience.PRIVATE,
    "mpims.json": Audience.PRIVATE,
    "dms.json": Audience.PRIVATE,
}
_DAY = re.compile(r"(?:^|/)([^/]+)/(\d{4}-\d\d-\d\d)\.json$")
_TS = re.compile(r"\d{1,11}(?:\.\d{1,6})?")
_SAID: Final = frozenset({"", "me_message", "thread_broadcast", "file_share", "file_comment", "file_mention"})
_BY_BOT: Final = frozenset({"bot_message"})
_DELETED: Final = frozenset({"tombstone"})


@dataclass(frozen=True, slots=True)
class _Channel:
    """A channel of the workspace; its days' entries in order."""

    id: str
    name: str
    audience: Audience
    days: Sequence[str]


def convert(export: Path) -> Iterator[dict[str, object]]:
    """The history in an export, in time order over all channels.

    Raises :class:`~adapters.files.errors.FilesError` with the export's name and the entry that is broken.
    """
    with Archive.opened(export) as archive:
        users = {string(user, "id"): user for user in _list(archive, "users.json")}
        channels = _channels(archive)
        names = Names({name: _name(user) for name, user in users.items()}, {c.id: c.name for c in channels})
        lines = [_lines(archive, channel, users, names) for channel in channels]
        for line in heapq.merge(*lines, key=lambda line: line.at):
            yield line.as_row()


def _channels(archive: Archive) -> Sequence[_Channel]:
    days: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in archive.names():
        found = _DAY.search(entry)
        if found:
            days[found[1]].append((found[2], entry))
    channels = [
        _channel(channel, audience, days) for name, audience in _LISTS.items() for channel in _list(archive, name)
    ]
    if not channels:
        raise BrokenExport(archive.file, "", "it has no channels.json with channels; is it a Slack workspace export?")
    return channels


def _channel(channel: Part, audience: Audience, days: Mapping[str, list[tuple[str, str]]]) -> _Channel:
    """Direct messages have no name: their folder is called by their id."""
    id_ = string(channel, "id")
    name = string(channel, "name") or id_
    # Outsiders read a shared channel: what was said there is kept as if it were private.
    shared = channel.get("is_ext_shared") is True or channel.get("is_shared") is True
    entries = [entry for _, entry in sorted(days.get(name) or days.get(id_) or [])]
    return _Channel(id_, name, Audience.PRIVATE if shared else audience, entries)


def _list(archive: Archive, name: str) -> Sequence[Part]:
    """A list at the top of the export; empty where the export has none."""
    entry = next((entry for entry in sorted(archive.names(), key=len) if entry.rsplit("/", 1)[-1] == name), None)
    if entry is None:
        return []
    found = parsed(archive.read(entry), archive.file, entry)
    if not isinstance(found, list):
        raise BrokenExport(archive.file, entry, "a list was expected")
    return [part for part in mappings(found) if string(part, "id")]


def _lines(archive: Archive, channel: _Channel, users: Mapping[str, Part], names: Names) -> Iterator[Line]:
    seen: set[str] = set()
    for entry in channel.days:
        messages = parsed(archive.read(entry), archive.file, entry)
        if not isinstance(messages, list):
            raise BrokenExport(archive.file, entry, "a list of messages was expected")
        for message in sorted(mappings(messages), key=_order):
            ts = string(message, "ts")
            if not _TS.fullmatch(ts):
                raise BrokenExport(archive.file, entry, 'a message has no "ts" that is a time')
            if ts not in seen:
                seen.add(ts)
                yield _line(message, ts, channel, users, names)


def _order(message: Part) -> float:
    ts = string(message, "ts")
    return float(ts) if _TS.fullmatch(ts) else 0.0


def _line(message: Part, ts: str, channel: _Channel, users: Mapping[str, Part], names: Names) -> Line:
    author = string(message, "user", "bot_id", "username") or "unknown"
    user = users.get(author, mapping(message.get("user_profile")))
    thread = string(message, "thread_ts")
    subtype = string(message, "subtype")
    deleted = subtype in _DELETED
    return Line(
        id=f"{channel.id}:{ts}",
        platform="slack",
        space=string(message, "team") or None,
        channel=channel.name,
        thread=f"{channel.id}:{thread}" if thread and thread != ts else None,
        author=author,
        author_name=string(message, "username") or _name(user) or author,
        role=_role(message, user),
        at=_moment(ts),
        text="" if deleted else readable(_text(message), names),
        reply_to=None,
        edited=_edited(message),
        deleted=deleted,
        reactions=[
            (string(reaction, "name"), strings(reaction.get("users")))
            for reaction in mappings(message.get("reactions"))
            if string(reaction, "name")
        ],
        attachments=[
            (string(file, "name", "title"), string(file, "mimetype", "filetype"))
            for file in mappings(message.get("files"))
        ],
        audience=channel.audience,
    )


def _role(message: Part, user: Part) -> Role:
    subtype = string(message, "subtype")
    if subtype not in _SAID | _BY_BOT | _DELETED:
        return Role.SYSTEM
    by_integration = bool(string(message, "bot_id")) and not string(message, "user")
    if subtype in _BY_BOT or by_integration or user.get("is_bot") is True:
        return Role.BOT
    is_admin = user.get("is_admin") is True or user.get("is_owner") is True
    return Role.ADMIN if is_admin else Role.CUSTOMER


def _name(user: Part) -> str:
    profile = mapping(user.get("profile"))
    return string(profile, "display_name", "real_name") or string(user, "display_name", "real_name", "name")


def _text(message: Part) -> str:
    """What was said; integrations often say it in an attachment only."""
    attached = (string(part, "text", "fallback") for part in mappings(message.get("attachments")))
    return string(message, "text") or next((text for text in attached if text), "")


def _edited(message: Part) -> datetime | None:
    ts = string(mapping(message.get("edited")), "ts")
    return _moment(ts) if _TS.fullmatch(ts) else None


def _moment(ts: str) -> datetime:
    seconds, _, fraction = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int((fraction + "000000")[:6]))
