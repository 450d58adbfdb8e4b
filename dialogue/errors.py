"""What can go wrong, as a tree.

- :class:`StorageUnavailable`: the database can't be written
- :class:`SendError`: sending failed, in one of four ways
    - :class:`RateLimited`, :class:`Unavailable`: surely not sent
    - :class:`Uncertain`: may have been sent
    - :class:`Rejected`: refused for good
- :class:`ModelFailed`: a language model was asked in vain
- :class:`Refused`: a person asked for something that can't be done; they are told why
"""

from datetime import timedelta


class DialogueError(Exception):
    """Root of this package's errors."""


class StorageUnavailable(DialogueError):
    """The database can't be written (disk full, read-only, locked, gone). It says which and what to do."""


class SendError(DialogueError):
    """Root of the four ways in which sending fails."""


class RateLimited(SendError):
    """Surely not sent; try again after ``after``."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"rate limited for {after.total_seconds():g} s")
        self.after = after


class Unavailable(SendError):
    """Surely not sent; the platform can't be reached or is in trouble."""


class Uncertain(SendError):
    """May have been sent: look in the history before trying again."""


class Rejected(SendError):
    """The platform refused it for good; the message says why. Never tried again."""


class ModelFailed(DialogueError):
    """A language model said nothing usable. The message says why, and nothing of what it or anybody else said.

    ``milliseconds``: how long that took. ``tokens``: what it cost, or None where nobody knows.
    """

    def __init__(self, reason: str, milliseconds: int, tokens: int | None) -> None:
        super().__init__(reason)
        self.milliseconds = milliseconds
        self.tokens = tokens


class Refused(DialogueError):
    """What a person asked for can't be done. The message is the sentence they read, from the catalogue."""
