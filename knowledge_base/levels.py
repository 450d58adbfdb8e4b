"""Levels: names that a community gives to how much somebody contributed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge_base.ids import AccountId, CommunityId, SpaceId

NAME_LIMIT: Final = 40
"""The most characters of a level's name."""

MOST_LEVELS: Final = 20
"""The most levels of a community."""

MOST_POINTS: Final = 1_000_000
"""The most points a level may ask for."""


@dataclass(frozen=True, slots=True)
class Level:
    """Who has ``threshold`` points or more is called ``name``.

    ``group``: the platform's id of a role in ``space`` that goes with it, empty for none.
    """

    community: CommunityId
    name: str
    threshold: int
    space: SpaceId | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role that an account has by its member's level."""

    space: SpaceId
    account: AccountId
    group: str


def level_of(points: int, levels: Sequence[Level]) -> Level | None:
    """The highest level that is reached with these points, or None."""
    return max((level for level in levels if level.threshold <= points), key=_threshold, default=None)


def next_level(points: int, levels: Sequence[Level]) -> Level | None:
    """The lowest level that is not reached yet, or None."""
    return min((level for level in levels if level.threshold > points), key=_threshold, default=None)


def _threshold(level: Level) -> int:
    return level.threshold
