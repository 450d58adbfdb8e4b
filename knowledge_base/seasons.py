"""Seasons: the spans of time by which a community looks at who contributed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from knowledge_base.ids import CommunityId

NAME_LIMIT: Final = 40
"""The most characters of a season's name."""

LONGEST: Final = timedelta(days=366)
"""The longest season."""


@dataclass(frozen=True, slots=True)
class Season:
    """From the first day to the last, both in it, by UTC. No two of a community have a day in common."""

    community: CommunityId
    name: str
    first: date
    last: date

    @property
    def since(self) -> datetime:
        """When it begins."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        """When it is over."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)


def season_at(moment: datetime, seasons: Sequence[Season]) -> Season | None:
    """The season of a moment, or None between seasons."""
    return next((season for season in seasons if season.since <= moment < season.until), None)


def overlapping(season: Season, seasons: Sequence[Season]) -> Season | None:
    """The first of the others that has a day in common with it, or None. One of its name is no other."""
    others = (other for other in seasons if other.name != season.name)
    return next((other for other in others if other.first <= season.last and season.first <= other.last), None)
