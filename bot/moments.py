"""The real clock and real ids: the only places where time and chance come in."""

import secrets
import string
from datetime import UTC, datetime
from typing import Final

from dialogue.ports import Clock, Ids

BASE62: Final = string.digits + string.ascii_letters
_LENGTH: Final = 22


class SystemClock(Clock):
    """The machine's time."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)


class RandomIds(Ids):
    """22 base62 characters from the system's generator: 131 bits."""

    def fresh(self) -> str:
        """One that surely was never given before."""
        number, name = secrets.randbelow(len(BASE62) ** _LENGTH), ""
        for _ in range(_LENGTH):
            number, digit = divmod(number, len(BASE62))
            name += BASE62[digit]
        return name
