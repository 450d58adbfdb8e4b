"""What a button or form carries and brings back: a verb, what it is about, and which state of that it showed."""

from dataclasses import dataclass
from typing import Final

from knowledge_base.ids import MessageId

LONGEST: Final = 100
"""The most characters that every platform carries."""


@dataclass(frozen=True, slots=True)
class CustomId:
    """``verb:subject:version``. ``version`` tells a button of today from one of yesterday."""

    verb: str
    subject: str
    version: str

    def __str__(self) -> str:
        """The three in one, as it is carried."""
        return f"{self.verb}:{self.subject}:{self.version}"


def custom_id(verb: str, subject: str, version: str) -> str:
    """The three in one. Raises ``ValueError`` if a part holds a colon or the whole is too long."""
    whole = f"{verb}:{subject}:{version}"
    if whole.count(":") != 2 or len(whole) > LONGEST:
        raise ValueError(f"not a custom id: {verb!r}, {subject!r}, {version!r}")
    return whole


def about_message(form: str, message: MessageId) -> str | None:
    """What opens a form about a message from its menu; None where its name can't be carried, so nothing opens."""
    try:
        return custom_id(form, message, "")
    except ValueError:
        return None


def parse(text: str) -> CustomId | None:
    """The three again, or None for what no button of ours carries."""
    parts = text.split(":")
    return CustomId(*parts) if len(parts) == 3 and len(text) <= LONGEST else None
