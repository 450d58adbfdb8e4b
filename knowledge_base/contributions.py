"""What came of what people gave: each thing once, with what it came of, so that it can be taken back with that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from knowledge_base.ids import CommunityId, ContributionId, MemberId


class Contributed(StrEnum):
    """What somebody did for the others, by what came of it."""

    DEMAND = "demand"
    """They were the first to say what others said, too."""
    REPORT = "report"
    """They were the first to say what staff took up."""
    SHIPPED = "shipped"
    """They were the first to say what is there now."""
    SOLUTION = "solution"
    """What they advised worked for whoever asked."""
    ANSWER = "answer"
    """What they advised was approved as the answer for others."""
    THANKS = "thanks"
    """Somebody thanked them."""


class Part(StrEnum):
    """In what way somebody contributed."""

    SPOTTING = "spotting"
    HELPING = "helping"
    THANKED = "thanked"


PARTS: Final = {
    Contributed.DEMAND: Part.SPOTTING,
    Contributed.REPORT: Part.SPOTTING,
    Contributed.SHIPPED: Part.SPOTTING,
    Contributed.SOLUTION: Part.HELPING,
    Contributed.ANSWER: Part.HELPING,
    Contributed.THANKS: Part.THANKED,
}


class Guard(StrEnum):
    """Why something does not count, although it happened."""

    SELF = "self"
    """It was given by the same person."""
    CIRCLE = "circle"
    """It goes round among two or three people."""
    PAIR = "pair"
    """One person gives it to another again and again."""
    DAY = "day"
    """It is the same kind of thing too often on one day."""
    NEWCOMERS = "newcomers"
    """It comes from people who were not seen here before."""


class CauseKind(StrEnum):
    """What sort of thing a contribution came of."""

    INSIGHT = "insight"
    ANSWER = "answer"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Cause:
    """What a contribution came of, by its id."""

    kind: CauseKind
    id: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of the ledger.

    ``by``: who gave it, None where nobody alone did. ``step``: how many people said it, for :attr:`Contributed.DEMAND`
    alone. ``guard``: why it counts nothing; ``points`` are 0 then. ``reversed_at``: when its cause was undone.
    """

    id: ContributionId
    community: CommunityId
    member: MemberId
    kind: Contributed
    points: int
    cause: Cause
    at: datetime
    by: MemberId | None = None
    step: int = 0
    guard: Guard | None = None
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How often a member did one kind of thing within some time, and how many points that is."""

    member: MemberId
    kind: Contributed
    times: int
    points: int


def total(contributions: Iterable[Contribution]) -> int:
    """The points of all that was not reversed."""
    return sum(one.points for one in contributions if one.reversed_at is None)
