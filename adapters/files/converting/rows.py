"""A history's line, as converters write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge_base.channels import Audience
from knowledge_base.members import Role


@dataclass(frozen=True, slots=True)
class Line:
    """One message, with the history format's fields.

    ``reactions``: names with the accounts that gave them; ``attachments``: names with media types.
    """

    id: str
    platform: str
    space: str | None
    channel: str
    thread: str | None
    author: str
    author_name: str
    role: Role
    at: datetime
    text: str
    reply_to: str | None
    edited: datetime | None
    deleted: bool
    reactions: Sequence[tuple[str, Sequence[str]]]
    attachments: Sequence[tuple[str, str]]
    audience: Audience

    def as_row(self) -> dict[str, object]:
        """The line as written; optional fields only where they say something."""
        row: dict[str, object] = {
            "id": self.id,
            "platform": self.platform,
            "channel": self.channel,
            "thread": self.thread,
            "author": self.author,
            "role": self.role.value,
            "time": _written(self.at),
            "text": self.text,
            "reply_to": self.reply_to,
            "author_name": self.author_name,
            "audience": self.audience.value,
        }
        return row | {name: value for name, value in self._optional().items() if value}

    def _optional(self) -> dict[str, object]:
        return {
            "space": self.space,
            "edited": _written(self.edited) if self.edited else None,
            "deleted": self.deleted,
            "reactions": [{"name": name, "authors": list(authors)} for name, authors in self.reactions],
            "attachments": [{"name": name, "type": kind} for name, kind in self.attachments],
        }


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
