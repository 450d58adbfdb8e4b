"""People: one member, with an account in one or more spaces, and what they allow."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import AccountId, CommunityId, MemberId, SpaceId


class Role(StrEnum):
    """Who somebody is in a community. ``bot`` and ``system`` are never heard as people.

    ``trusted``: a customer who may approve answers; in all else a customer like others.
    """

    CUSTOMER = "customer"
    TRUSTED = "trusted"
    STAFF = "staff"
    ADMIN = "admin"
    BOT = "bot"
    SYSTEM = "system"

    @property
    def is_person(self) -> bool:
        """Whether a human being speaks."""
        return self not in (Role.BOT, Role.SYSTEM)

    @property
    def is_customer(self) -> bool:
        """Whether a customer speaks."""
        return self in (Role.CUSTOMER, Role.TRUSTED)

    def may(self, needed: "Role") -> bool:
        """Whether this role includes ``needed`` (admin includes staff, staff trusted, trusted customer)."""
        order = (Role.CUSTOMER, Role.TRUSTED, Role.STAFF, Role.ADMIN)
        return self in order and needed in order and order.index(self) >= order.index(needed)


class Recording(StrEnum):
    """What a member allows to be kept."""

    ALLOWED = "allowed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Consent:
    """What a member allows, and since when (UTC; None: never chosen, the community's default holds)."""

    recording: Recording = Recording.ALLOWED
    share_private: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a community. ``tier``: what kind of customer they are, empty where nobody said."""

    id: MemberId
    community: CommunityId
    name: str
    role: Role
    consent: Consent = Consent()
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A role or user group of a space, by the platform's id, whose people have ``role`` here."""

    space: SpaceId
    id: str
    role: Role


@dataclass(frozen=True, slots=True)
class Account:
    """One member's account in one space."""

    space: SpaceId
    id: AccountId
    member: MemberId
