"""The SQLite file itself: made readable for its owner alone, written by one process at a time, and still there."""

import fcntl
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Self

from adapters.storage.errors import InUse
from dialogue.errors import StorageUnavailable

_OWNER_ONLY = 0o600


class DatabaseFile:
    """A SQLite file that this process may write, as long as it keeps the lock file beside it locked.

    The lock is the kernel's: it ends with the process, however that ends. The lock file itself stays.
    """

    def __init__(self, path: Path, lock: int) -> None:
        self._path = path
        self._lock = lock
        self._identity = _identity(path)

    @classmethod
    def claim(cls, path: Path) -> Self:
        """Make the file if there is none, and lock it. Raises :class:`StorageUnavailable` with a sentence."""
        mode = _mode(path)
        if mode and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise StorageUnavailable(f"{path}: this is a device or a pipe; give the path of a file")
        try:
            # SQLite gives its -wal and -shm files the permissions of the file itself
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
            lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
        except OSError as error:
            raise StorageUnavailable(f"{path}: {_remedy(error)}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise InUse(f"{path}: another Parley writes to this database; stop it, or use another file") from error
        return cls(path, lock)

    def release(self) -> None:
        """Let another process write."""
        os.close(self._lock)

    def empty_log(self) -> None:
        """Write the log beside the file into it, and cut it off. Where somebody reads from it, that waits for later."""
        with closing(sqlite3.connect(self._path)) as beside:
            beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self) -> None:
        """Raise :class:`StorageUnavailable` if the file was moved or deleted: what is written now would be lost."""
        if _identity(self._path) != self._identity:
            raise StorageUnavailable(f"{self._path}: the file was moved or deleted; put it back and start again")


def must_exist(path: Path) -> None:
    """Raise :class:`StorageUnavailable` if there is no file to read."""
    mode = _mode(path)
    if not stat.S_ISREG(mode):
        is_folder = "this is a folder; give the path of a file"
        missing = "there is no such database; check the path, or make it with: parley db upgrade"
        raise StorageUnavailable(f"{path}: {is_folder if stat.S_ISDIR(mode) else missing}")


def _mode(path: Path) -> int:
    """What kind of file it is; 0 where there is none, or none can be."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _remedy(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "its folder does not exist; create the folder"
        case NotADirectoryError():
            return "a part of its path is no folder; check the path"
        case PermissionError():
            return "it can't be written; check the permissions of the file and its folder"
        case IsADirectoryError():
            return "this is a folder; give the path of a file"
        case _:
            return f"it can't be opened ({error.strerror}); check the disk, or use another path"
