"""Codes that one person tells another, or themselves elsewhere: short, short-lived, used once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from knowledge_base.ids import CommunityId, MemberId, SpaceId

VALID_FOR: Final = timedelta(minutes=10)
LENGTH: Final = 8


class Purpose(StrEnum):
    """What a code is for: a space that joins a community, or two accounts of one person."""

    JOIN = "join"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who was given the code has entered it: who, of which community, in which space."""

    community: CommunityId
    member: MemberId
    space: SpaceId


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept: not itself, only its :func:`digest`. ``expires_at`` is UTC."""

    community: CommunityId
    digest: str
    purpose: Purpose
    member: MemberId
    space: SpaceId
    expires_at: datetime
    entry: Entry | None = None


def spoken(fresh: str) -> str:
    """A code as people read and type it, made of a fresh id."""
    return fresh[-LENGTH:].upper()


def digest(typed: str) -> str:
    """What a typed code is known by: nobody who reads the database can enter it."""
    return sha256(typed.strip().upper().encode(errors="replace")).hexdigest()
