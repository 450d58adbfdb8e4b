"""Decisions: what may be done with an insight in each status, and where that leads."""

from enum import StrEnum
from typing import Final

from knowledge_base.insights import Status


class Decision(StrEnum):
    """What staff can decide. The values are the verbs of commands and buttons."""

    ACKNOWLEDGE = "acknowledge"
    PLAN = "plan"
    START = "start"
    SHIP = "ship"
    DECLINE = "decline"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    ASK = "ask"

    @property
    def leads_to(self) -> Status:
        """The status an insight has afterwards."""
        return _LEADS_TO[self]


_LEADS_TO: Final = {
    Decision.ACKNOWLEDGE: Status.ACKNOWLEDGED,
    Decision.PLAN: Status.PLANNED,
    Decision.START: Status.IN_PROGRESS,
    Decision.SHIP: Status.SHIPPED,
    Decision.DECLINE: Status.DECLINED,
    Decision.DISMISS: Status.DISMISSED,
    Decision.REOPEN: Status.ACKNOWLEDGED,
    Decision.ASK: Status.NEEDS_INFO,
}

_UNDECIDED: Final = (Decision.ACKNOWLEDGE, Decision.PLAN, Decision.SHIP, Decision.DECLINE, Decision.DISMISS)

_ALLOWED: Final = {
    Status.NEW: _UNDECIDED,
    Status.NEEDS_INFO: _UNDECIDED,
    Status.ACKNOWLEDGED: (Decision.PLAN, Decision.START, Decision.SHIP, Decision.DECLINE, Decision.DISMISS),
    Status.PLANNED: (Decision.START, Decision.SHIP, Decision.DECLINE, Decision.DISMISS),
    Status.IN_PROGRESS: (Decision.SHIP, Decision.DECLINE),
    Status.SHIPPED: (Decision.REOPEN,),
    Status.DECLINED: (Decision.REOPEN,),
    Status.DISMISSED: (Decision.REOPEN,),
    Status.MERGED: (),
}


TELLABLE: Final = (Status.ACKNOWLEDGED, Status.PLANNED, Status.IN_PROGRESS, Status.SHIPPED, Status.DECLINED)
"""The statuses of which customers may be told, in the order in which they come."""

TOLD_AT_FIRST: Final = (Status.PLANNED, Status.SHIPPED, Status.DECLINED)
"""Those of which they are told until an admin chooses otherwise."""

_WAITS_FOR_ANSWERS: Final = (Status.NEW, Status.ACKNOWLEDGED)


def allowed(status: Status) -> tuple[Decision, ...]:
    """What may be decided now, in the order in which it is offered; at most five, which every platform can show.

    To ask the customers is offered apart from these, of everything that is open.
    """
    return _ALLOWED[status]


def may_lead(decision: Decision, status: Status) -> bool:
    """Whether a decision may give another status to what has this one.

    Asking does so only where nothing is decided yet: what is planned or in progress stays so while it is asked about.
    """
    return status in _WAITS_FOR_ANSWERS if decision is Decision.ASK else decision in allowed(status)
