"""Questions that a team asks the customers who said something."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import CommunityId, InsightId, MemberId, QuestionId, TeamId


class QuestionState(StrEnum):
    """Whether what is answered still goes to the team."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Question:
    """What a team wants to know of those who voiced an insight, in the words of one of its people."""

    id: QuestionId
    community: CommunityId
    insight: InsightId
    team: TeamId
    text: str
    by: MemberId
    at: datetime
    state: QuestionState = QuestionState.OPEN
