"""A channel as DiscordChatExporter writes it in JSON.

https://github.com/Tyrrrz/DiscordChatExporter
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.files.converting.parts import Part, mapping, mappings, parsed, string
from adapters.files.converting.rows import Line
from adapters.files.errors import BrokenExport, Unreadable
from knowledge_base.channels import Audience
from knowledge_base.members import Role

MOST_BYTES: Final = 512 * 2**20
_NO_GUILD: Final = "0"
_HINT: Final = "is it DiscordChatExporter's JSON? Export with: --format Json"
_SAID: Final = frozenset({"", "Default", "Reply", "20", "23"})
"""Types by which somebody says something; 20 and 23 answer a command. All others are the platform's own."""

_PRIVATE: Final = frozenset({"GuildPrivateThread", "DirectTextChat", "DirectGroupTextChat", "PrivateThread"})
_MENTION = re.compile(r"<@!?(\d{1,20})>")
_EMOJI = re.compile(r"<a?:(\w{1,40}):\d{1,20}>")


@dataclass(frozen=True, slots=True)
class _Channel:
    """Where the messages were said; ``thread`` is the thread's id, where it is one."""

    space: str | None
    name: str
    thread: str | None
    audience: Audience


def convert(export: Path) -> Iterator[dict[str, object]]:
    """The history in an export, in time order.

    Raises :class:`~adapters.files.errors.FilesError` with the export's name and the part that is broken.
    """
    file = str(export)
    root = mapping(parsed(_read(export), file, "", f"; {_HINT}"))
    messages = root.get("messages")
    if not isinstance(messages, list) or not mapping(root.get("channel")):
        raise BrokenExport(file, "", f'it has no "channel" and "messages"; {_HINT}')
    channel = _channel(root)
    lines, seen = [], set()
    for number, message in enumerate(mappings(messages), start=1):
        line = _line(message, channel, file, f"message {number}")
        if line.id not in seen:
            seen.add(line.id)
            lines.append(line)
    for line in sorted(lines, key=lambda line: line.at):
        yield line.as_row()


def _read(export: Path) -> bytes:
    try:
        if export.stat().st_size > MOST_BYTES:
            raise BrokenExport(str(export), "", f"it is larger than {MOST_BYTES // 2**20} MB; export it in partitions")
        return export.read_bytes()
    except OSError as cause:
        raise Unreadable(str(export), cause) from cause


def _channel(root: Part) -> _Channel:
    """A thread belongs to its parent, which the exporter writes where other channels have their category."""
    channel, guild = mapping(root.get("channel")), string(mapping(root.get("guild")), "id")
    id_, kind = string(channel, "id"), string(channel, "type")
    is_thread = kind.endswith("Thread")
    name = string(channel, "name") or id_ or "channel"
    return _Channel(
        space=guild if guild not in ("", _NO_GUILD) else None,
        name=(string(channel, "category", "categoryId") or name) if is_thread else name,
        thread=id_ if is_thread and id_ else None,
        audience=Audience.PRIVATE if kind in _PRIVATE else Audience.PUBLIC,
    )


def _line(message: Part, channel: _Channel, file: str, part: str) -> Line:
    id_, author = string(message, "id"), mapping(message.get("author"))
    at = _moment(string(message, "timestamp"))
    if not id_ or at is None:
        raise BrokenExport(file, part, 'it has no "id" or no "timestamp" that is a time')
    account = string(author, "id", "name") or "unknown"
    return Line(
        id=id_,
        platform="discord",
        space=channel.space,
        channel=channel.name,
        thread=channel.thread if channel.thread != id_ else None,
        author=account,
        author_name=string(author, "nickname", "name") or account,
        role=_role(message, author),
        at=at,
        text=_text(message),
        reply_to=_reply_to(message),
        edited=_moment(string(message, "timestampEdited")),
        deleted=False,
        reactions=list(_reactions(message)),
        attachments=[(string(file, "fileName", "id"), "") for file in mappings(message.get("attachments"))],
        audience=channel.audience,
    )


def _role(message: Part, author: Part) -> Role:
    if string(message, "type") not in _SAID:
        return Role.SYSTEM
    return Role.BOT if author.get("isBot") is True else Role.CUSTOMER


def _reply_to(message: Part) -> str | None:
    """Other types refer to messages too, for example to the one that was pinned."""
    if string(message, "type") != "Reply":
        return None
    return string(mapping(message.get("reference")), "messageId") or None


def _text(message: Part) -> str:
    names = {string(person, "id"): string(person, "nickname", "name") for person in mappings(message.get("mentions"))}
    return _EMOJI.sub(r":\1:", _MENTION.sub(lambda found: _mention(found, names), string(message, "content")))


def _mention(found: re.Match[str], names: Mapping[str, str]) -> str:
    return f"@{names.get(found[1]) or found[1]}"


def _reactions(message: Part) -> Iterator[tuple[str, list[str]]]:
    for reaction in mappings(message.get("reactions")):
        name = string(mapping(reaction.get("emoji")), "code", "name")
        if name:
            yield name, [who for person in mappings(reaction.get("users")) if (who := string(person, "id"))]


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
