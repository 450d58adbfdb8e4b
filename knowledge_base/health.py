"""What ails the loop: declines, teams that never answer, insights that nobody owns; and who keeps it going."""

from dataclasses import dataclass
from datetime import datetime

from knowledge_base.ids import MemberId, TeamId


@dataclass(frozen=True, slots=True)
class Declined:
    """How many of a team's insights were declined for a reason."""

    team: TeamId
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class SilentTeam:
    """A team that got cards long ago and has done nothing with any of its insights since."""

    team: TeamId
    waiting: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Deeds:
    """What one of the firm's people did for the loop in a time."""

    member: MemberId
    tagged: int = 0
    answered: int = 0
    decided: int = 0
    closed: int = 0
