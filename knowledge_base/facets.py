"""What a message tells besides its kind."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How it is said."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Urgency(StrEnum):
    """How soon somebody has to act."""

    NONE = "none"
    SOON = "soon"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Facets:
    """Tone, urgency, the names of competitors in it, and the product area it is about (None: no area's words)."""

    tone: Tone = Tone.NEUTRAL
    urgency: Urgency = Urgency.NONE
    competitors: tuple[str, ...] = ()
    area: str | None = None
