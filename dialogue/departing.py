"""Whether and how a row leaves: its preconditions, what it shows at this moment, and the fence, in that order."""

from dataclasses import dataclass

from dialogue.posts import Post
from dialogue.rows import OutboxState


@dataclass(frozen=True, slots=True)
class Ready:
    """May leave, showing this."""

    post: Post


@dataclass(frozen=True, slots=True)
class Waiting:
    """May leave later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Never leaves."""

    state: OutboxState
    reason: str


Departure = Ready | Waiting | Withheld
