"""Output files that appear when they are complete: written beside their place, made durable, then renamed."""

import errno
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from adapters.files.errors import Unwritable

_BUFFER = 1 << 18


class Output:
    """A file being written, one JSON object a line or plain bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, row: Mapping[str, object]) -> None:
        """Add one line."""
        self._stream.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


@contextmanager
def written(file: Path) -> Iterator[Output]:
    """The output ``file``: it appears, or is replaced, when the block ends without an error; else nothing changes.

    A pipe or device is written to directly. Raises :class:`Unwritable` (read-only folder, disk full, …), at the latest
    when the block ends.
    """
    try:
        place = file.resolve()
        with _direct(place) if _is_special(place) else _beside(place) as stream:
            yield Output(stream)
    except OSError as cause:
        raise Unwritable(str(file), cause) from cause


def _is_special(place: Path) -> bool:
    return place.exists() and not place.is_file() and not place.is_dir()


@contextmanager
def _direct(place: Path) -> Iterator[BinaryIO]:
    with place.open("wb") as stream:
        yield stream


@contextmanager
def _beside(place: Path) -> Iterator[BinaryIO]:
    """A draft in the same folder that takes the file's place at the end, or is removed."""
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, "Is a directory")
    number, name = tempfile.mkstemp(prefix=f".{place.name[:50]}.", suffix=".part", dir=place.parent)
    draft = Path(name)
    try:
        with os.fdopen(number, "wb", buffering=_BUFFER) as stream:
            yield stream
            stream.flush()
            os.fsync(number)
        draft.chmod(0o666 & ~_umask())
        draft.replace(place)
        _settle(place.parent)
    finally:
        draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make the rename durable."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
