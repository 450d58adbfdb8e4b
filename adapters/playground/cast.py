"""Who is in the playground, and where they talk."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, SpaceId
from knowledge_base.members import Role

SPACE: Final = SpaceId("playground")
BOT: Final = AccountId("parley")
BOT_NAME: Final = "Parley"
TEAM_ROOM: Final = ChannelId("product-team")
"""Where the product team's cards appear."""
DIRECT: Final = "direct-"
"""A channel id that begins so is a talk between the bot and one account."""


class Layout(StrEnum):
    """How a channel's messages stand: in one line of time, or as posts with their answers below them."""

    TALK = "talk"
    FORUM = "forum"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be spoken as. ``work`` says what they do, in a few words."""

    account: AccountId
    name: str
    role: Role
    work: str


@dataclass(frozen=True, slots=True)
class Room:
    """A channel. Only staff and admins can speak in an internal one."""

    id: ChannelId
    name: str
    topic: str
    audience: Audience
    layout: Layout = Layout.TALK


def direct(account: AccountId) -> Room:
    """The channel in which the bot and one person talk alone."""
    return Room(ChannelId(f"{DIRECT}{account}"), "direct message", "You and Parley alone", Audience.PRIVATE)


def person_of(channel: ChannelId) -> AccountId | None:
    """Whose direct channel it is, or None."""
    return AccountId(channel.removeprefix(DIRECT)) if channel.startswith(DIRECT) else None


ROOMS: Final = (
    Room(ChannelId("community"), "community", "Where customers talk", Audience.PUBLIC),
    Room(ChannelId("support-forum"), "support-forum", "One post a question", Audience.PUBLIC, Layout.FORUM),
    Room(ChannelId("staff"), "staff", "Support among themselves", Audience.INTERNAL),
    Room(TEAM_ROOM, "product-team", "Insights arrive here", Audience.INTERNAL),
)
TAGS: Final = {"bug": "bug", "idea": "bulb"}
"""The tags that staff have from the beginning, each with the emoji that gives it."""
PEOPLE: Final = (
    Person(AccountId("anna"), "Anna Kowalska", Role.CUSTOMER, "runs a bakery"),
    Person(AccountId("ben"), "Ben Okafor", Role.CUSTOMER, "teaches maths"),
    Person(AccountId("chiara"), "Chiara Rossi", Role.CUSTOMER, "keeps the books"),
    Person(AccountId("diego"), "Diego Marín", Role.CUSTOMER, "plans events"),
    Person(AccountId("emi"), "Emi Tanaka", Role.CUSTOMER, "designs posters"),
    Person(AccountId("sam"), "Sam Lindqvist", Role.STAFF, "support"),
    Person(AccountId("petra"), "Petra Novak", Role.STAFF, "product manager"),
    Person(AccountId("ada"), "Ada Meyer", Role.ADMIN, "runs the community"),
)
