"""People: one member, with an account in one or more spaces, and what they allow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

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


class Naming(StrEnum):
    """What a member wants to be called where their words are shown to others.

    ``unsaid``: nobody chose. Then the name that everybody on the platform sees stands beside their words, which link to
    where it stands too; what is made for the public names only those who chose to be named.
    """

    UNSAID = "unsaid"
    NAME = "name"
    FIRST = "first"
    ANONYMOUS = "anonymous"


CHOOSABLE: Final = (Naming.NAME, Naming.FIRST, Naming.ANONYMOUS)
"""Namings, the widest first."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a member allows, and since when (UTC; None: never chosen, the community's default holds)."""

    recording: Recording = Recording.ALLOWED
    share_private: bool = False
    changed_at: datetime | None = None
    naming: Naming = Naming.UNSAID


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a community. ``tier``: what kind of customer they are, empty where nobody said."""

    id: MemberId
    community: CommunityId
    name: str
    role: Role
    consent: Consent = Consent()
    tier: str = ""

    @property
    def shown_as(self) -> str:
        """The name beside their words; empty where they have none or want none to be shown."""
        return shown_as(self.name, self.consent.naming)


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


def shown_as(name: str, naming: Naming) -> str:
    """The name that is shown beside somebody's words; empty: nobody is named. Every name of a customer goes by this."""
    match naming:
        case Naming.UNSAID | Naming.NAME:
            return name
        case Naming.FIRST:
            return name.split(maxsplit=1)[0] if name.split() else ""
        case Naming.ANONYMOUS:
            return ""


def credited_as(name: str, naming: Naming) -> str:
    """The name that is shown to the public, in credits; empty: nobody is named. Without a choice nobody is."""
    return "" if naming is Naming.UNSAID else shown_as(name, naming)


def strictest(namings: Iterable[Naming]) -> Naming:
    """What holds for somebody who chose these with different accounts: what names them least."""
    order = (Naming.UNSAID, *CHOOSABLE)
    return max(namings, key=order.index, default=Naming.UNSAID)
