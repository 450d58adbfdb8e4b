"""What staff said of learning itself: whether it is on, and which corrections it leaves out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import CommunityId, CorrectionId, MemberId


class StepSort(StrEnum):
    """``off``: judge as shipped; ``on``: as learned. ``reset``: learn from nothing made so far. ``leave_out``: one."""

    ON = "on"
    OFF = "off"
    RESET = "reset"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, by whom and when (UTC). ``correction`` is the one left out, or None."""

    community: CommunityId
    sort: StepSort
    by: MemberId
    at: datetime
    correction: CorrectionId | None = None
