"""What a community gives to those who contributed, within a budget; and who got what, a line each, for good."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from knowledge_base.contributions import Contribution, total
from knowledge_base.ids import CommunityId, MemberId, RewardId, SpaceId
from knowledge_base.levels import Level
from knowledge_base.seasons import Season

NAME_LIMIT: Final = 60
"""The most characters of a reward's name."""

MOST_REWARDS: Final = 25
"""The most rewards of a community that are given at one time: so many can be chosen from everywhere."""

MOST_BUDGET: Final = 100_000
"""The most pieces of one reward."""

CODE_LENGTH: Final = 200
"""The most characters of a single-use code."""

_DELIMITERS: Final = (",", ";", "\t")
_HEADINGS: Final = frozenset({"code", "codes"})


class RewardKind(StrEnum):
    """What is given."""

    ROLE = "role"
    """Early access: a role of the platform."""
    EVENT = "event"
    """A seat at an event."""
    CODE = "code"
    """A code that works once."""
    CUSTOM = "custom"
    """Anything else: staff see to it."""


class GrantState(StrEnum):
    """What became of what somebody was given."""

    GIVEN = "given"
    """It is theirs, and not handed over yet."""
    FULFILLED = "fulfilled"
    REVOKED = "revoked"
    """Staff took it back."""
    REFUSED = "refused"
    """They did not want it."""
    EXPIRED = "expired"

    @property
    def is_live(self) -> bool:
        """Whether it is theirs."""
        return self in LIVE


LIVE: Final = frozenset({GrantState.GIVEN, GrantState.FULFILLED})


class Granting(StrEnum):
    """What came of trying to give a reward."""

    GIVEN = "given"
    CLOSED = "closed"
    """It is given no more."""
    HAD = "had"
    """They have it, or had it and may not have it again."""
    SPENT = "spent"
    """All of its budget is given."""
    MONTH_SPENT = "month_spent"
    """All that may be given this month is."""
    NO_CODES = "no_codes"
    """Not a code is left."""


class Again(StrEnum):
    """Whether somebody may get what they had before and have no more."""

    ONCE = "once"
    """Never twice, whatever became of it."""
    IF_ENDED = "if_ended"


@dataclass(frozen=True, slots=True)
class Condition:
    """Who may claim a reward: whoever has so many points, or those of a level, within a season or altogether.

    With none of these nobody may: then staff give it.
    """

    level: str = ""
    points: int = 0
    season: str = ""

    @property
    def is_by_hand(self) -> bool:
        """Whether staff alone decide who gets it."""
        return not (self.level or self.points or self.season)


@dataclass(frozen=True, slots=True)
class Budget:
    """How many pieces there are in all, and how many of them may be given in a month (None: any)."""

    pieces: int
    monthly: int | None = None


@dataclass(frozen=True, slots=True)
class Reward:
    """Something to be given. ``about``: what its winner reads. ``worth``: what a piece costs, for the accounts.

    ``space`` and ``group``: the platform's id of a role, for :attr:`RewardKind.ROLE`. ``until``: the last day (UTC) on
    which it is given and holds. ``given``: how many pieces are. ``closed_at``: since when it is given no more.
    """

    id: RewardId
    community: CommunityId
    number: int
    name: str
    kind: RewardKind
    budget: Budget
    condition: Condition = Condition()
    about: str = ""
    worth: str = ""
    space: SpaceId | None = None
    group: str = ""
    until: date | None = None
    given: int = 0
    closed_at: datetime | None = None

    @property
    def over_at(self) -> datetime | None:
        """When its last day is over."""
        return datetime.combine(self.until + timedelta(days=1), time(), UTC) if self.until else None


@dataclass(frozen=True, slots=True)
class Grant:
    """A line of the ledger: a member got a piece of a reward. Lines are added, and end; none is removed.

    ``number``: among those of its reward. ``by``: who gave it, None where it was claimed. ``post``: the name of the
    outbox row by which it is handed over, once there is one; None before that.
    """

    community: CommunityId
    reward: RewardId
    number: int
    member: MemberId
    state: GrantState
    at: datetime
    by: MemberId | None = None
    post: str | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """What is left of a reward at a moment: of its budget, of this month's (None: no such limit), and of its codes."""

    pieces: int
    this_month: int | None
    codes: int | None

    @property
    def left(self) -> int:
        """How many can be given now."""
        return min(one for one in (self.pieces, self.this_month, self.codes) if one is not None)


def is_over(reward: Reward, now: datetime) -> bool:
    """Whether its last day is over."""
    return reward.over_at is not None and reward.over_at <= now


def month_of(moment: datetime) -> str:
    """The month of a budget, by UTC: ``2026-11``."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def comes_back(kind: RewardKind, grant: Grant) -> bool:
    """Whether the piece can be given to somebody else once this grant ends.

    A code of which it was only tried to show it may have been seen; what staff handed over is gone.
    """
    match kind:
        case RewardKind.CODE:
            return grant.state is GrantState.GIVEN and grant.post is None
        case RewardKind.CUSTOM:
            return grant.state is GrantState.GIVEN
        case RewardKind.ROLE | RewardKind.EVENT:
            return True


def points_needed(condition: Condition, levels: Sequence[Level]) -> int | None:
    """How many points a member needs; None where nobody can have enough, because its level is no more."""
    if not condition.level:
        return max(condition.points, 1)
    level = next((level for level in levels if level.name == condition.level), None)
    return None if level is None else max(condition.points, level.threshold)


def points_that_count(condition: Condition, seasons: Sequence[Season], lines: Sequence[Contribution]) -> int:
    """How many of somebody's points count: those of the season, and none where that is no more."""
    if not condition.season:
        return total(lines)
    season = next((season for season in seasons if season.name == condition.season), None)
    return total(line for line in lines if season.since <= line.at < season.until) if season else 0


def usable_codes(text: str) -> tuple[list[str], int, int]:
    """The codes of a list, each once; how many lines were blank, and how many were there before.

    One a line, or the first column of a CSV (RFC 4180, or with semicolons or tabs) whose heading may be "code".
    """
    lines = [_first_column(line) for line in text.removeprefix("\ufeff").splitlines()]
    if lines and lines[0].casefold() in _HEADINGS:
        del lines[0]
    filled = [line for line in lines if line]
    distinct = list(dict.fromkeys(filled))
    return distinct, len(lines) - len(filled), len(filled) - len(distinct)


def _first_column(line: str) -> str:
    first_mark = min((mark for mark in _DELIMITERS if mark in line), key=line.index, default=_DELIMITERS[0])
    columns = next(csv.reader([line.strip()], delimiter=first_mark), [])
    return columns[0].strip() if columns else ""
