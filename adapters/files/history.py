"""The history format: what people said, one message a line.

A regular file is validated whole before anything is done with it, a stream (standard input, a pipe) chunk by chunk.
Memory does not grow with the messages: of each line passed only a 64-bit hash of its id stays, to find ids used twice
(two ids of a million would be taken for one in one of thirty million files).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from adapters.files import fields
from adapters.files.errors import BrokenLine, Unreadable
from adapters.files.lines import STANDARD_INPUT, read_rows, standard_input
from knowledge_base.channels import Audience
from knowledge_base.members import Role

CHUNK = 1_000
_ROLES = {role.value: role for role in Role if role is not Role.TRUSTED}
"""Whom a community trusts with answers is its own choice; no history tells of it."""
_AUDIENCES = {audience.value: audience for audience in Audience}
_MERGE_AT = 50_000


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji's name and the accounts that gave it."""

    name: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """An attached file, by name and media type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One message of a history. Times are UTC; ``text`` is empty where ``deleted``."""

    id: str
    platform: str
    space: str | None
    channel: str
    thread: str | None
    author: str
    author_name: str | None
    role: Role
    at: datetime
    text: str
    reply_to: str | None
    edited: datetime | None
    deleted: bool
    reactions: tuple[Reaction, ...]
    attachments: tuple[File, ...]
    audience: Audience


class _Version(NamedTuple):
    """Of a file: where it is another one, somebody wrote to it."""

    device: int
    number: int
    size: int
    written: int
    changed: int


@dataclass(frozen=True, slots=True)
class History:
    """A history to be read. ``lines`` is how many messages it has, None for a stream. What is added to a file while it
    is read is left out."""

    file: str
    lines: int | None
    _open: Callable[[], AbstractContextManager[BinaryIO]]
    _version: "_Version | None" = None

    def chunks(self, size: int = CHUNK) -> Iterator[tuple[HistoryLine, ...]]:
        """The lines in their order. Raises :class:`BrokenLine` before the chunk that holds the line is given."""
        with self._open() as stream:
            lines = _lines(stream, self.file)
            if self._version is not None and _version(stream) == self._version:
                # ids that are known to be unique need not be remembered a second time
                lines = islice(_parsed(stream, self.file), self.lines)
            while chunk := tuple(islice(lines, size)):
                yield chunk


def open_history(name: str, advance: Callable[[int], None] | None = None) -> History:
    """The history in a file, or on standard input for ``-``.

    A regular file is validated here, ``advance`` told how many bytes were checked since it was last called. Raises
    :class:`BrokenLine`, or :class:`Unreadable` where the file can't be opened.
    """
    if name == STANDARD_INPUT:
        return History("standard input", None, standard_input)
    path = Path(name)
    if _is_pipe(path):  # to open and close it would break off its writer
        return History(name, None, lambda: _open(path))
    with _open(path) as stream:
        version = _version(stream)
        lines = _validated(stream, name, advance) if path.is_file() else None
    return History(name, lines, lambda: _open(path), version if lines is not None else None)


def parse_line(row: Mapping[str, object]) -> HistoryLine:
    """One message from its JSON object; unknown fields are ignored. Raises ``ValueError`` with what is wrong."""
    deleted = fields.flag(row, "deleted")
    return HistoryLine(
        id=fields.name(row, "id"),
        platform=fields.name(row, "platform"),
        space=fields.optional_name(row, "space"),
        channel=fields.name(row, "channel"),
        thread=fields.optional_name(row, "thread"),
        author=fields.name(row, "author"),
        author_name=fields.optional_text(row, "author_name") or None,
        role=fields.choice(row, "role", _ROLES),
        at=fields.moment(row, "time"),
        text="" if deleted else fields.text(row, "text"),
        reply_to=fields.optional_name(row, "reply_to"),
        edited=fields.optional_moment(row, "edited"),
        deleted=deleted,
        reactions=tuple(map(_reaction, fields.rows(row, "reactions"))) if row.get("reactions") else (),
        attachments=tuple(map(_file, fields.rows(row, "attachments"))) if row.get("attachments") else (),
        audience=fields.choice(row, "audience", _AUDIENCES) if row.get("audience") is not None else Audience.PUBLIC,
    )


def _reaction(row: Mapping[str, object]) -> Reaction:
    return Reaction(fields.name(row, "name"), fields.texts(row, "authors"))


def _file(row: Mapping[str, object]) -> File:
    return File(fields.text(row, "name"), fields.optional_text(row, "type") or "")


def _validated(stream: BinaryIO, file: str, advance: Callable[[int], None] | None) -> int:
    told = advance or (lambda _: None)
    count = passed = 0
    for count, _ in enumerate(_lines(stream, file), start=1):
        if count % CHUNK == 0:
            told(stream.tell() - passed)
            passed = stream.tell()
    told(stream.tell() - passed)
    return count


def _parsed(stream: BinaryIO, file: str) -> Iterator[HistoryLine]:
    return (line for _, line in read_rows(stream, file, parse_line))


def _lines(stream: BinaryIO, file: str) -> Iterator[HistoryLine]:
    seen = _Seen()
    for number, line in read_rows(stream, file, parse_line):
        if not seen.add(line.id):
            raise BrokenLine(file, number, f"the id {fields.shown(line.id)} is used by an earlier line; ids are unique")
        yield line


def _version(stream: BinaryIO) -> _Version:
    found = os.fstat(stream.fileno())
    return _Version(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _is_pipe(path: Path) -> bool:
    try:
        return path.is_fifo()
    except OSError:
        return False


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as cause:
        raise Unreadable(str(path), cause) from cause
    except ValueError as cause:
        raise Unreadable(ascii(str(path)), OSError(0, "its name holds a NUL character")) from cause


class _Seen:
    """Ids passed, as hashes: some 8 bytes each."""

    def __init__(self) -> None:
        self._sorted = np.empty(0, np.int64)
        self._recent: set[int] = set()

    def add(self, name: str) -> bool:
        """Whether it is new."""
        code = hash(name)
        at = int(self._sorted.searchsorted(code))
        if code in self._recent or (at < len(self._sorted) and int(self._sorted[at]) == code):
            return False
        self._recent.add(code)
        if len(self._recent) >= _MERGE_AT:
            self._sorted = np.concatenate((self._sorted, np.sort(np.fromiter(self._recent, np.int64))))
            self._sorted.sort(kind="stable")  # two runs are merged
            self._recent = set()
        return True
