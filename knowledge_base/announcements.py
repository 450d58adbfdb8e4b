"""Announcements: what everybody who voiced an insight is to hear of what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import AnnouncementId, CommunityId, InsightId, MemberId
from knowledge_base.insights import Status


class AnnouncementState(StrEnum):
    """``prepared``: whoever set the status was asked; ``not_now``: they put it off; ``withdrawn``: it holds no more."""

    PREPARED = "prepared"
    SENT = "sent"
    NOT_NOW = "not_now"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Announcement:
    """That an insight has a status now, in the words of the firm.

    ``change``: the number of the change of status, counted from 1. ``by`` and ``at``: who did last what ``state`` says.
    """

    id: AnnouncementId
    community: CommunityId
    insight: InsightId
    change: int
    status: Status
    text: str
    by: MemberId
    at: datetime
    state: AnnouncementState = AnnouncementState.PREPARED
