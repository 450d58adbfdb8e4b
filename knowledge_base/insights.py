"""Insights: distinct things the firm should know, each with every voice that said it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from knowledge_base.channels import Origin
from knowledge_base.facets import Facets
from knowledge_base.ids import CommunityId, InsightId, MemberId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role


class Status(StrEnum):
    """How far the firm is with an insight."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    NEEDS_INFO = "needs info"
    PLANNED = "planned"
    IN_PROGRESS = "in progress"
    SHIPPED = "shipped"
    DECLINED = "declined"
    MERGED = "merged"
    DISMISSED = "dismissed"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self not in (Status.SHIPPED, Status.DECLINED, Status.MERGED, Status.DISMISSED)


@dataclass(frozen=True, slots=True)
class Voice:
    """One member's statement of an insight. Its words are shown only as its author and its origin allow.

    ``author_name``: as they want to be named at present, empty where they are not to be.
    ``thread`` (its root), ``language``, ``facets`` and ``role`` are those of the message. ``tier``: what kind of
    customer the author is at present, by a name that admins gave it; empty where nobody did.
    """

    insight: InsightId
    message: MessageId
    member: MemberId
    author_name: str
    text: str
    at: datetime
    origin: Origin
    link: str | None = None
    shares_private: bool = False
    thread: MessageId | None = None
    language: str = ""
    facets: Facets = field(default_factory=Facets)
    role: Role = Role.CUSTOMER
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Insight:
    """One distinct thing the firm should know.

    ``number`` is its short name for people (``#12``), counted per community. ``title`` is an extract of ``titled_by``'s
    words. ``demand`` is the number of distinct members among its voices. ``merged_into`` is where the voices went of an
    insight that is merged. ``owner`` sees to it, until ``due_on`` where a day is set; ``link`` is the address of the
    release or tracker item that goes with it, or empty.
    """

    id: InsightId
    community: CommunityId
    number: int
    kind: Kind
    title: str
    titled_by: MessageId
    status: Status
    demand: int
    first_at: datetime
    last_at: datetime
    tags: tuple[str, ...] = ()
    reason: str = ""
    owner: MemberId | None = None
    merged_into: InsightId | None = None
    due_on: date | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """Who set which status, owner, day or link when, and why: the insight's history, counted from 1.

    It holds all of them as they were afterwards, so that the next can be taken back. ``undoes``: the number of the
    change that this one took back.
    """

    insight: InsightId
    status: Status
    by: MemberId
    at: datetime
    reason: str = ""
    owner: MemberId | None = None
    due_on: date | None = None
    link: str = ""
    undoes: int | None = None
