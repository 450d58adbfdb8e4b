"""Files that a command reads and writes: none may take another's place."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from bot.cli.failing import BadInput


def must_differ(places: Mapping[str, Path | None]) -> None:
    """Raise :class:`BadInput` if two of these, by what people call them, are one file.

    A character device, such as /dev/null, may stand twice.
    """
    seen: dict[str, str] = {}
    for name, place in places.items():
        if place is None or stat.S_ISCHR(_mode(place)):
            continue
        other = seen.setdefault(os.path.realpath(place), name)
        if other != name:
            raise BadInput(f"{other} and {name} name the same file, {place}; give each one of its own")


def bytes_in(file: Path) -> int | None:
    """How long a file is; None where that can't be known beforehand."""
    return file.stat().st_size if stat.S_ISREG(_mode(file)) else None


def _mode(place: Path) -> int:
    """What kind of file it is; 0 where that can't be told, which is left to whoever opens it."""
    try:
        return place.stat().st_mode
    except OSError:
        return 0
