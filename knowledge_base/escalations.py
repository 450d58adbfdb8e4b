"""Stuck insights: what counts as stuck, and who is reminded of it next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from knowledge_base.ids import CommunityId, InsightId, MemberId

BETWEEN: Final = timedelta(days=7)
"""Between one reminder of an insight and the next."""

DAYS: Final = 14
A_DAY: Final = 5


class Weekly(StrEnum):
    """Whether admins get the weekly line."""

    ON = "on"
    OFF = "off"


class Nudge(StrEnum):
    """Who is reminded, in this order, each once."""

    OWNER = "owner"
    TEAM = "team"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """When an insight counts as stuck, and how many reminders there are a day at most. ``days`` 0: never."""

    community: CommunityId
    days: int = DAYS
    a_day: int = A_DAY
    weekly: Weekly = Weekly.ON


@dataclass(frozen=True, slots=True)
class Stuck:
    """An open insight that some team got and with which nothing has happened since then; who was reminded last."""

    insight: InsightId
    since: datetime
    owner: MemberId | None = None
    told: Nudge | None = None


def steps_left(stuck: Stuck) -> tuple[Nudge, ...]:
    """Who may still be reminded, the next one first; nobody twice, and no owner where there is none."""
    order = list(Nudge)
    left = order[order.index(stuck.told) + 1 :] if stuck.told else order
    return tuple(step for step in left if step is not Nudge.OWNER or stuck.owner is not None)
