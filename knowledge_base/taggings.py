"""Taggings: who made a message a voice by hand, and how; and who said of which kind it is.

They stand among the message's reasons, as readable lines.

So they are stored, carried over an edit and erased together with what they explain.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge_base.ids import MemberId
from knowledge_base.kinds import Kind

TAG_NAME: Final = re.compile(r"[\w-]{1,40}")
"""What a tag may be called."""

_KIND_LINE = re.compile(r"is a: (?P<kind>[a-z]+) · taken for: (?P<was>[a-z]+), (?P<confidence>[01]\.\d+) · (?P<by>\S+)")
_LINE = re.compile(r"tagged: (?P<tag>[\w-]{0,40}) · (?P<given>reaction|command|reply) · (?P<by>\S+)")


class Given(StrEnum):
    """By which gesture a tag was given."""

    REACTION = "reaction"
    COMMAND = "command"
    REPLY = "reply"


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


@dataclass(frozen=True, slots=True)
class KindGiven:
    """One member of staff said of which kind a message is. ``was``, ``confidence``: what it was judged to be."""

    kind: Kind
    was: Kind
    confidence: float
    by: MemberId

    def as_reason(self) -> str:
        """The line among a message's reasons."""
        return f"is a: {self.kind} · taken for: {self.was}, {self.confidence:.4f} · {self.by}"


def kind_given(reasons: Iterable[str]) -> KindGiven | None:
    """Who said of which kind a message is, or None where nobody did."""
    found = next((match for match in map(_KIND_LINE.fullmatch, reasons) if match), None)
    if found is None or not {found["kind"], found["was"]} <= set(Kind):
        return None
    return KindGiven(Kind(found["kind"]), Kind(found["was"]), float(found["confidence"]), MemberId(found["by"]))


def by_hand(reasons: Iterable[str]) -> tuple[str, ...]:
    """The lines that staff made, which an edit leaves as they are."""
    return tuple(line for line in reasons if _LINE.fullmatch(line) or _KIND_LINE.fullmatch(line))
