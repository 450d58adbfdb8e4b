"""What can go wrong with files, as a tree. Every message is a sentence with the file's name, for people.

- :class:`FilesError`
    - :class:`BrokenLine`: a line of a JSON Lines file isn't what the format says
    - :class:`BrokenExport`: another tool's export can't be understood
    - :class:`Unreadable`: the file can't be opened or read
    - :class:`Unwritable`: the file can't be written
"""

import errno
from typing import Self

_REMEDIES = {
    errno.ENOENT: "there is no such file or folder; check the path",
    errno.EISDIR: "it is a folder; name a file",
    errno.ENOTDIR: "a part of its path is no folder; check the path",
    errno.EACCES: "permission denied; check who may use it",
    errno.EPERM: "permission denied; check who may use it",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter one",
    errno.ELOOP: "its links lead in a circle; check the path",
    errno.EROFS: "the folder is read-only; choose another one",
    errno.ENOSPC: "the disk is full; free some space and run it again",
    errno.EDQUOT: "the disk quota is used up; free some space and run it again",
    errno.EFBIG: "the file system takes no file of that size",
}


class FilesError(Exception):
    """Root of this package's errors. One that another process raises is made again here from the same."""

    _made_of: tuple[object, ...]

    def __new__(cls, *made_of: object) -> Self:
        """Remember what it is made of: its message alone would not do."""
        error = super().__new__(cls, *made_of)
        error._made_of = made_of
        return error

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """How it comes out of another process."""
        return type(self), self._made_of


class BrokenLine(FilesError):
    """A line isn't what the format says: names file, line number (from 1) and what is wrong."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}, line {line}: {what}")
        self.file = file
        self.line = line
        self.what = what


class BrokenExport(FilesError):
    """An export can't be understood: names the file, the part of it, and what is wrong."""

    def __init__(self, file: str, part: str, what: str) -> None:
        super().__init__(f"{file}, {part}: {what}" if part else f"{file}: {what}")


class Unreadable(FilesError):
    """A file can't be opened or read."""

    def __init__(self, file: str, cause: OSError) -> None:
        super().__init__(f"{file} can't be read: {reason(cause)}.")


class Unwritable(FilesError):
    """A file can't be written; nothing of it was left behind."""

    def __init__(self, file: str, cause: OSError) -> None:
        missing = cause.errno == errno.ENOENT
        why = "its folder does not exist; create the folder" if missing else reason(cause)
        super().__init__(f"{file} can't be written: {why}.")


def reason(cause: OSError) -> str:
    """Why the system refused, with the remedy where one is known."""
    return _REMEDIES.get(cause.errno or 0, cause.strerror or str(cause))
