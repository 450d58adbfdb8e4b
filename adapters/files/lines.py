"""JSON Lines: one object a line, UTF-8, each line named by its number when something is wrong with it."""

import errno
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO, TextIO, TypeVar

from adapters.files.errors import BrokenLine, Unreadable

MOST_BYTES = 4 * 2**20
"""The longest line that is read: far beyond any message, well within memory."""

STANDARD_INPUT = "-"
_MARK = b"\xef\xbb\xbf"
Row = TypeVar("Row")


def read_rows(stream: BinaryIO, file: str, parse: Callable[[Mapping[str, object]], Row]) -> Iterator[tuple[int, Row]]:
    """Each line's number and what ``parse`` makes of its object; blank lines are skipped.

    ``parse`` raises ``ValueError`` with what is wrong. Raises :class:`BrokenLine` and :class:`Unreadable` only, on any
    bytes. ``file`` is the name that people see.
    """
    for number, raw in _numbered(stream, file):
        try:
            yield number, parse(_object(raw))
        except ValueError as cause:
            raise BrokenLine(file, number, str(cause)) from cause


def standard_input() -> AbstractContextManager[BinaryIO]:
    """Standard input, to be read but not closed. Raises :class:`Unreadable` where it was closed."""
    # None where the process was started without one, whatever the type says
    stream: TextIO | None = sys.stdin
    if stream is None:
        raise Unreadable("standard input", OSError(errno.EBADF, "it is closed"))
    return nullcontext(stream.buffer)


def _numbered(stream: BinaryIO, file: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    while raw := _next(stream, file):
        number += 1
        if number == 1:
            raw = raw.removeprefix(_MARK)
        if len(raw) > MOST_BYTES:
            raise BrokenLine(file, number, f"longer than {MOST_BYTES // 2**20} MB; is this a JSON Lines file?")
        if raw and not raw.isspace():
            yield number, raw


def _next(stream: BinaryIO, file: str) -> bytes:
    try:
        return stream.readline(MOST_BYTES + 1)
    except OSError as cause:
        raise Unreadable(file, cause) from cause


def _object(raw: bytes) -> Mapping[str, object]:
    try:
        value: object = json.loads(raw.decode().rstrip())
    except UnicodeDecodeError as cause:
        raise ValueError(f"not UTF-8 at byte {cause.start + 1}") from cause
    except json.JSONDecodeError as cause:
        raise ValueError(f"not JSON at character {cause.pos + 1} ({cause.msg})") from cause
    except ValueError as cause:
        raise ValueError("holds a number of too many digits") from cause
    except RecursionError as cause:
        raise ValueError("nested too deeply") from cause
    if not isinstance(value, dict):
        raise ValueError(f"a JSON object is needed, not {kind_of(value)}")
    return value


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "null")
