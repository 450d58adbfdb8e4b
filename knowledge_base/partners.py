"""Learning partners: customers whom staff invited to a standing group, with a channel and a summary of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, SpaceId
from knowledge_base.insights import Status


class PartnerState(StrEnum):
    """``invited``: they said nothing yet. ``declined``: they said no, or left; whoever does is not invited again."""

    INVITED = "invited"
    PARTNER = "partner"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Partner:
    """Whom staff invited. ``by``: who did; ``at``: since when it is as ``state`` says."""

    community: CommunityId
    member: MemberId
    state: PartnerState
    by: MemberId
    at: datetime


@dataclass(frozen=True, slots=True)
class PartnerGroup:
    """Where the group talks and reads its summary. ``role``: the platform's id of what opens the channel, if any.

    ``told_until``: up to when it was told what became of things; ``told_voice``: the last voice that was there then.
    """

    community: CommunityId
    space: SpaceId
    channel: ChannelId
    role: str
    told_until: datetime
    told_voice: int


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """That a summary tells of an insight. ``status``: what its voices were told; None: partners said it."""

    insight: InsightId
    status: Status | None
