"""What a message can be, and which kinds the firm should know about."""

from enum import StrEnum


class Kind(StrEnum):
    """What a message is."""

    QUESTION = "question"
    PROBLEM = "problem"
    REQUEST = "request"
    SOLUTION = "solution"
    INFORMATION = "information"
    PRAISE = "praise"
    COMPLAINT = "complaint"
    CHATTER = "chatter"


INSIGHT_KINDS = frozenset({Kind.QUESTION, Kind.PROBLEM, Kind.REQUEST, Kind.PRAISE, Kind.COMPLAINT})
"""Kinds that can voice an insight. A question does so only where it opens a conversation."""
STATED_KINDS = INSIGHT_KINDS - {Kind.QUESTION}
"""Those that are stated, not asked."""
