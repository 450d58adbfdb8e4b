"""Whether a solution worked, and how that is known."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a proposed solution. Nobody's silence says anything: that is ``open``."""

    CONFIRMED = "confirmed"
    OPEN = "open"
    DENIED = "denied"


class Proof(StrEnum):
    """How the outcome is known, the strongest first."""

    CHECK_MARK = "check mark"
    SAID_SO = "said so"
    FOUND = "found it themselves"
    THANKS = "thanks"
    OTHERS = "worked for others"
    IMPORTED = "imported"
