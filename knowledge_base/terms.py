"""The terms on which people give what they know: published by admins, in versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge_base.ids import CommunityId, MemberId


@dataclass(frozen=True, slots=True)
class Terms:
    """One version, in plain words; it holds for what is said after ``at``, until the next."""

    community: CommunityId
    version: int
    text: str
    by: MemberId
    at: datetime


def in_force(versions: Sequence[Terms], at: datetime) -> Terms | None:
    """The version that held at a moment, and so is accepted by who spoke then; None before there was any.

    ``versions``: all of them, oldest first.
    """
    return next((terms for terms in reversed(versions) if terms.at < at), None)
