"""A chat that says nothing to anybody: it writes down what it was told to say, one line a send.

Lines are ``{"key": …, "action": …, "channel": …, "text": …}`` and more fields after these. The file stands outside the
database, so that after a kill it still tells what was said; a key that stands twice was said twice.
"""

import asyncio
import errno
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from adapters.files import fields
from adapters.files.errors import Unreadable, Unwritable, reason
from adapters.files.lines import read_rows
from dialogue.actions import Findable, OutboxId
from dialogue.errors import Unavailable
from dialogue.events import ReplyHandle
from dialogue.plain import plain_text
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    EditsMessages,
    EventSink,
    FindsSent,
    Identity,
    Limits,
    SendsDirectMessages,
)
from dialogue.posts import Post
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

_IDENTITY = Identity("recording", AccountId("the recording chat itself"), "Parley", "@Parley")
_LIMITS = Limits(text=40_000, buttons=5)
_OWNER_ONLY = 0o600
_BLOCK = 1 << 16


class RecordingChat(Chat, EditsMessages, AddsReactions, AnswersInteractions, SendsDirectMessages, FindsSent):
    """Appends each send to a file, which outlives a kill; :meth:`sync` makes it outlive a power failure.

    One program at a time writes the file.

    A sent post is called by its key, so a key sent twice (which the caller should have looked up) is recorded twice.
    ``spaces`` may be set anew at any time: whoever feeds a history learns of its spaces on the way.
    """

    def __init__(self, file: Path, spaces: frozenset[SpaceId]) -> None:
        """Reads the keys that are there; a last line torn by a kill is cut off. Raises :class:`Unreadable`."""
        self.spaces = spaces
        self._file = file
        self._sent = _recover(file)
        self._is_synced = True

    async def run(self, sink: EventSink) -> None:
        """Nobody speaks here: waits until cancelled."""
        await asyncio.Event().wait()

    async def sync(self) -> None:
        """All that was sent is on disk; await it before that is written down elsewhere as sent.

        Raises :class:`Unwritable` where the disk does not take it.
        """
        while not self._is_synced:  # more may be sent meanwhile
            self._is_synced = True
            try:
                await asyncio.to_thread(_sync, self._file)
            except OSError as cause:
                self._is_synced = False
                raise Unwritable(str(self._file), cause) from cause

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Record a post. Raises :class:`Unavailable` where the file can't be written."""
        self._record(key, "post", channel, plain_text(post), {"thread": thread})
        return SentRef(channel, PlatformMessageId(key))

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Record what a post shows now. Doing that again changes nothing, so it is not recorded again."""
        if key not in self._sent:
            self._record(key, "edit", ref.channel, plain_text(post), {"message": ref.message})

    async def react(
        self,
        space: SpaceId,
        channel: ChannelId,
        message: PlatformMessageId,
        emoji: str,
        key: OutboxId,
        *,
        present: bool,
    ) -> None:
        """Record a reaction given or taken back. Doing that again changes nothing, so it is not recorded again."""
        if key not in self._sent:
            self._record(key, "react" if present else "unreact", channel, emoji, {"message": message})

    async def reply(
        self, space: SpaceId, channel: ChannelId, to: AccountId, handle: ReplyHandle, post: Post, key: OutboxId
    ) -> None:
        """Record a private answer."""
        self._record(key, "reply", channel, plain_text(post), {"to": to})

    async def send_direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Record a direct message; its channel is ``@`` and the account."""
        channel = ChannelId(f"@{to}")
        self._record(key, "direct", channel, plain_text(post), {"to": to})
        return SentRef(channel, PlatformMessageId(key))

    async def find_sent(self, action: Findable, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the effect with this key is recorded, also by an earlier run."""
        channel = self._sent.get(key)
        return None if channel is None else SentRef(ChannelId(channel), PlatformMessageId(key))

    def identity(self) -> Identity:
        """Who we are here."""
        return _IDENTITY

    def limits(self) -> Limits:
        """What fits here: all that is ever said."""
        return _LIMITS

    def _record(
        self, key: OutboxId, action: str, channel: ChannelId, text: str, more: Mapping[str, str | None]
    ) -> None:
        row = {"key": key, "action": action, "channel": channel, "text": text}
        row |= {name: value for name, value in more.items() if value is not None}
        line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            _append(self._file, line)
        except OSError as cause:
            raise Unavailable(f"{self._file} can't be written: {reason(cause)}") from cause
        self._sent[key] = channel
        self._is_synced = False


def recorded_keys(file: Path) -> Iterator[str]:
    """Every key in a recording chat's file, in order, as often as it stands there; none if there is no file.

    Raises :class:`BrokenLine` and :class:`Unreadable`.
    """
    for key, _ in _recorded(file):
        yield key


def _append(file: Path, line: bytes) -> None:
    """All of the line, or none of it."""
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
    try:
        before = os.fstat(number).st_size
        try:
            written = os.write(number, line)
            if written < len(line):
                raise OSError(errno.ENOSPC, "No space left on device")
        except OSError:
            os.ftruncate(number, before)
            raise
    finally:
        os.close(number)


def _sync(file: Path) -> None:
    number = os.open(file, os.O_WRONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _recover(file: Path) -> dict[str, str]:
    if file.exists():
        try:
            _cut_torn_line(file)
        except OSError as cause:
            raise Unreadable(str(file), cause) from cause
    return dict(_recorded(file))


def _cut_torn_line(file: Path) -> None:
    """A line without its end was being written when the program was killed: its send never returned."""
    with file.open("r+b") as stream:
        position = end = stream.seek(0, os.SEEK_END)
        while position > 0:
            start = max(0, position - _BLOCK)
            stream.seek(start)
            found = stream.read(position - start).rfind(b"\n")
            if found >= 0:
                position = start + found + 1
                break
            position = start
        if position < end:
            stream.truncate(position)


def _recorded(file: Path) -> Iterator[tuple[str, str]]:
    try:
        stream = file.open("rb")
    except FileNotFoundError:
        return
    except OSError as cause:
        raise Unreadable(str(file), cause) from cause
    with stream:
        for _, pair in read_rows(stream, str(file), _pair):
            yield pair


def _pair(row: Mapping[str, object]) -> tuple[str, str]:
    return fields.name(row, "key"), fields.text(row, "channel")
