"""Taggings: who made a message a voice by hand, and how. They stand among the message's reasons, as readable lines.

So they are stored, carried over an edit and erased together with what they explain.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge_base.ids import MemberId

TAG_NAME: Final = re.compile(r"[\w-]{1,40}")
"""What a tag may be called."""

_LINE = re.compile(r"tagged: (?P<tag>[\w-]{0,40}) · (?P<given>reaction|command) · (?P<by>\S+)")


class Given(StrEnum):
    """By which gesture a tag was given."""

    REACTION = "reaction"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Tagging:
    """One gesture of one member. An empty ``tag`` only says that the message is an insight."""

    tag: str
    given: Given
    by: MemberId

    def as_reason(self) -> str:
        """The line among a message's reasons."""
        return f"tagged: {self.tag} · {self.given} · {self.by}"


def taggings(reasons: Iterable[str]) -> tuple[Tagging, ...]:
    """The taggings among a message's reasons, in their order."""
    found = (_LINE.fullmatch(reason) for reason in reasons)
    return tuple(Tagging(m["tag"], Given(m["given"]), MemberId(m["by"])) for m in found if m)
