"""Insights that a route means for a team, held back for now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import CommunityId, InsightId, TeamId


class Because(StrEnum):
    """Why a card isn't sent at once."""

    DIGEST = "digest"
    """The route keeps it for the digest."""
    QUIET = "quiet"
    """The team has quiet hours."""
    FULL = "full"
    """The team's channel has had as many cards this hour as it may get."""
    CHANNEL = "channel"
    """The team's channel can't get cards, or did not take this one."""

    @property
    def ends(self) -> bool:
        """Whether a time comes at which the card is sent after all."""
        return self is not Because.DIGEST


@dataclass(frozen=True, slots=True)
class Holding:
    """An insight that a team will be told of later, and since when it is held."""

    community: CommunityId
    insight: InsightId
    team: TeamId
    because: Because
    at: datetime
