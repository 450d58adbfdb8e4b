"""A zip file that is only read: nothing of it is ever written to disk, and its size in memory is bounded."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from adapters.files.errors import BrokenExport, Unreadable

MOST_OF_ONE: Final = 64 * 2**20
"""The largest entry that is unpacked: a day of one channel is far smaller."""
MOST_OF_ALL: Final = 20 * 2**30
_TROUBLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)


class Archive:
    """The entries of a zip file, by name."""

    def __init__(self, file: str, packed: zipfile.ZipFile) -> None:
        self.file = file
        self._packed = packed
        self._sizes = {entry.filename: entry.file_size for entry in packed.infolist() if not entry.is_dir()}
        if sum(self._sizes.values()) > MOST_OF_ALL:
            raise BrokenExport(file, "", f"it unpacks to more than {MOST_OF_ALL // 2**30} GB; export a shorter time")

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Self]:
        """The archive, for the time of the block. Raises :class:`BrokenExport` or :class:`Unreadable`."""
        try:
            packed = zipfile.ZipFile(path)
        except OSError as cause:
            raise Unreadable(str(path), cause) from cause
        except _TROUBLE as cause:
            raise BrokenExport(str(path), "", "it is no zip file, or it is damaged; download it again") from cause
        with packed:
            yield cls(str(path), packed)

    def names(self) -> Sequence[str]:
        """Every entry's name, as the archive has them: not to be used as paths."""
        return list(self._sizes)

    def read(self, name: str) -> bytes:
        """An entry's content. Raises :class:`BrokenExport` with its name where it is damaged or too large."""
        if self._sizes[name] > MOST_OF_ONE:
            raise BrokenExport(self.file, name, f"it is larger than {MOST_OF_ONE // 2**20} MB")
        try:
            return self._packed.read(name)
        except OSError as cause:
            raise Unreadable(self.file, cause) from cause
        except _TROUBLE as cause:
            raise BrokenExport(self.file, name, f"it is damaged or locked ({cause})") from cause
