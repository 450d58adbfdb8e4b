"""Output files that appear when they are complete: written beside their place, made durable, then renamed."""

import errno
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from adapters.files.errors import Unwritable

_BUFFER = 1 << 18


class Output:
    """A file being written, one JSON object a line."""

    def __init__(self, file: Path, stream: BinaryIO) -> None:
        self._file = file
        self._stream = stream

    def write(self, row: Mapping[str, object]) -> None:
        """Add one line. Raises :class:`Unwritable`."""
        with _named(self._file):
            self._stream.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


@contextmanager
def written(file: Path) -> Iterator[Output]:
    """The output ``file``: it appears, or is replaced, when the block ends without an error; else nothing changes.

    A pipe or device is written to directly. Raises :class:`Unwritable` (read-only folder, disk full, …), at the latest
    when the block ends.
    """
    with written_together(file) as (output,):
        yield output


@contextmanager
def written_together(*files: Path) -> Iterator[Sequence[Output]]:
    """As :func:`written`, for several: none appears before all are complete and safe on the disk."""
    with ExitStack() as stack:
        drafts: list[_Direct | _Beside] = []
        for file in files:
            with _named(file):
                draft = _Direct(file) if _is_special(file) else _Beside(Path(os.path.realpath(file)))
            drafts.append(draft)
            stack.callback(draft.abandon)
        yield [Output(file, draft.stream) for file, draft in zip(files, drafts, strict=True)]
        for file, draft in zip(files, drafts, strict=True):
            with _named(file):
                draft.complete()
        for file, draft in zip(files, drafts, strict=True):
            with _named(file):
                draft.publish()


@contextmanager
def _named(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise Unwritable(str(file), cause) from cause


def _is_special(place: Path) -> bool:
    return place.exists() and not place.is_file() and not place.is_dir()


class _Direct:
    """A pipe or device: what is written is out."""

    def __init__(self, place: Path) -> None:
        self.stream: BinaryIO = place.open("wb")

    def complete(self) -> None:
        self.stream.flush()

    def publish(self) -> None:
        """It is there already."""

    def abandon(self) -> None:
        _close(self.stream)


class _Beside:
    """A draft in the same folder that takes the file's place at the end, or is removed."""

    def __init__(self, place: Path) -> None:
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        number, name = tempfile.mkstemp(prefix=f".{place.name[:50]}.", suffix=".part", dir=place.parent)
        self._place = place
        self._draft = Path(name)
        self.stream: BinaryIO = os.fdopen(number, "wb", buffering=_BUFFER)

    def complete(self) -> None:
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()

    def publish(self) -> None:
        self._draft.chmod(0o666 & ~_umask())
        self._draft.replace(self._place)
        _settle(self._place.parent)

    def abandon(self) -> None:
        """Remove what was not published."""
        _close(self.stream)
        self._draft.unlink(missing_ok=True)


def _close(stream: BinaryIO) -> None:
    """Close it; what could not be written was told before."""
    with suppress(OSError):
        stream.close()


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
