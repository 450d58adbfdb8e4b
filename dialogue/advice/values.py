"""Jobs, questions and verdicts; what a call cost; and when a model may be asked at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from knowledge_base.channels import Audience
from knowledge_base.ids import CommunityId, InsightId, MessageId
from knowledge_base.members import Role
from knowledge_base.messages import Message

ANEW: Final = "new"
"""The choice that says of a message that it starts a conversation."""

SAME: Final = "same"
DIFFERENT: Final = "different"
"""The choices of whether a message says the same as what another insight is called by."""


class Doubt(StrEnum):
    """What of a message is in doubt."""

    KIND = "kind"
    LINK = "link"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Job:
    """One message to be asked about: names and a mark, none of its words.

    ``mark``: see :func:`mark_of`. ``tries``: how many calls for it have failed. ``other``: the insight that may say the
    same, where that is in doubt.
    """

    community: CommunityId
    message: MessageId
    doubt: Doubt
    mark: str
    created_at: datetime
    tries: int = 0
    other: InsightId | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said, masked and cut, with who they are here and without their name."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What leaves for a model: masked and cut words, and the only answers that count.

    For a kind, ``earlier`` holds what the message answers, if that is known; for a link what it may answer, which the
    choices name by its place there, counting from 1; else what may say the same.
    """

    doubt: Doubt
    said: Line
    earlier: tuple[Line, ...]
    choices: tuple[str, ...]

    def digest(self, model: str, prompt: str) -> str:
        """One for the same question put in the same way to the same model: what its answer is kept under."""
        lines = [[line.role, line.text] for line in (self.said, *self.earlier)]
        return _digest([model, prompt, self.doubt, lines, self.choices])


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of a question's choices, and how sure the model says it is (0 to 1)."""

    choice: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call costs: tokens read and written, and milliseconds."""

    tokens: int
    milliseconds: int

    def within(self, left: "Spent") -> bool:
        """Whether that much is left."""
        return self.tokens <= left.tokens and self.milliseconds <= left.milliseconds


@dataclass(frozen=True, slots=True)
class Advised:
    """A model's usable verdicts by the place of their question, how many answers were thrown away, and the cost."""

    verdicts: Mapping[int, Verdict]
    discarded: int
    spent: Spent


class CallState(StrEnum):
    """How a call ended. ``begun``: it runs, or its process died."""

    BEGUN = "begun"
    ANSWERED = "answered"
    FAILED = "failed"
    BROKEN_OFF = "broken off"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a model, for one community's questions. ``spent``: while it runs, the most that it can cost.

    ``discarded``: answers of it that were thrown away. ``reason``: why it failed.
    """

    id: str
    community: CommunityId
    model: str
    begun_at: datetime
    state: CallState
    spent: Spent
    discarded: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """When a model is asked, and what that may cost.

    A judgement is in doubt from ``doubt_from`` up to, but without, ``doubt_below``. Words leave only from channels with
    one of ``audiences``. ``per_day``: in one day of UTC, over all communities. ``batch``: questions a call. From
    ``merge_from`` on two insights are merged that it says are one; above 1: never.
    """

    doubt_from: float
    doubt_below: float
    audiences: frozenset[Audience]
    per_day: Spent
    batch: int
    merge_from: float

    def doubts(self, confidence: float) -> bool:
        """Whether a judgement of this confidence is in doubt."""
        return self.doubt_from <= confidence < self.doubt_below


def mark_of(message: Message) -> str:
    """Differs once anything was done to a message: edited, judged anew, moved to another conversation, tagged."""
    state = [message.version, message.kind, message.confidence, message.conversation, message.reply_to]
    return _digest([*state, message.reasons, message.deleted])


def _digest(parts: list[object]) -> str:
    return blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
