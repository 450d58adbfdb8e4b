"""Who people are and who reads a channel, as the platform says it; asked once, and again when an event says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

import structlog

from adapters.slack.api import Api, Me
from adapters.slack.fields import Table, flag, strings, table, text
from dialogue.errors import Rejected, SendError
from dialogue.ports import Clock
from knowledge_base.channels import Audience, Shared
from knowledge_base.members import Role

FRESH_FOR: Final = timedelta(minutes=10)
"""How long an answer holds where no event says otherwise."""
MOST_KEPT: Final = 10_000
MOST_MENTIONED: Final = 20
"""People mentioned in one message who are looked up."""

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Person:
    """A user as they are known here."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as it is read here. ``direct``: it is between one person and us."""

    name: str
    audience: Audience
    shared: Shared
    direct: bool = False


UNKNOWN_ROOM: Final = Room("", Audience.PRIVATE, Shared.UNKNOWN)
"""What is not known is taken for a few people's, with outsiders among them."""


class Directory:
    """Looks people and channels up. Raises RateLimited or Unavailable where Slack can't say now."""

    def __init__(self, api: Api, me: Me, clock: Clock, staff: frozenset[str]) -> None:
        self._api = api
        self._me = me
        self._users_who_are_staff = frozenset(one for one in staff if not one.startswith("S"))
        self._groups = sorted(staff - self._users_who_are_staff)
        self._people: _Kept[Person] = _Kept(clock)
        self._rooms: _Kept[Room] = _Kept(clock)
        self._members: _Kept[frozenset[str]] = _Kept(clock)

    async def people(self, users: Iterable[str]) -> dict[str, Person]:
        """Each of them; who can't be looked up is a customer named by their id."""
        return {user: await self.person(user) for user in dict.fromkeys(users)}

    async def named(self, users: Sequence[str]) -> dict[str, Person]:
        """Those of the first :data:`MOST_MENTIONED` who can be looked up now, and have a name. Raises nothing."""
        found: dict[str, Person] = {}
        for user in users[:MOST_MENTIONED]:
            try:
                person = await self.person(user)
            except SendError as error:
                # anyone may write any number of mentions: a message does not wait for them
                structlog.get_logger().info("mentions_unknown", reason=str(error))
                break
            if person.name != user:
                found[user] = person
        return found

    async def person(self, user: str) -> Person:
        """One user."""
        known = self._people.get(user)
        if known is None:
            try:
                told = table(await self._api.read("users.info", user=user), "user")
                known = person_in(told, self._me, await self._is_staff(user))
            except Rejected as error:
                structlog.get_logger().info("user_unknown", user=user, reason=str(error))
                known = Person(user, Role.CUSTOMER)
            self._people.put(user, known)
        return known

    async def room(self, channel: str) -> Room:
        """One channel; one that can't be looked up counts as private and read by outsiders."""
        known = self._rooms.get(channel)
        if known is None:
            try:
                known = room_in(table(await self._api.read("conversations.info", channel=channel), "channel"))
            except Rejected as error:
                structlog.get_logger().info("channel_unknown", channel=channel, reason=str(error))
                known = UNKNOWN_ROOM
            self._rooms.put(channel, known)
        return known

    def heed(self, event: Table) -> None:
        """Forget what an event says has changed."""
        kind = text(event, "type")
        if kind in ("user_change", "team_join"):
            self._people.forget(text(event, "user", "id"))
        elif kind.startswith("subteam_"):
            self._members.clear()
            self._people.clear()
        elif kind.startswith(("channel_", "group_")):
            # renamed and archived ones are objects, shared and unshared ones ids
            self._rooms.forget(text(event, "channel") or text(event, "channel", "id"))
        elif kind == "message" and text(event, "subtype").startswith(("channel_", "group_")):
            self._rooms.forget(text(event, "channel"))

    async def _is_staff(self, user: str) -> bool:
        if user in self._users_who_are_staff:
            return True
        return any([user in await self._group(group) for group in self._groups])

    async def _group(self, group: str) -> frozenset[str]:
        known = self._members.get(group)
        if known is None:
            try:
                known = frozenset(strings(await self._api.read("usergroups.users.list", usergroup=group), "users"))
            except Rejected as error:
                structlog.get_logger().warning("user_group_unknown", group=group, reason=str(error))
                known = frozenset()
            self._members.put(group, known)
        return known


def person_in(user: Table, me: Me, staff: bool) -> Person:  # noqa: FBT001 - looked up elsewhere
    """What a ``user`` object says. Strangers, of other workspaces, are customers whatever they are at home."""
    name = text(user, "profile", "display_name") or text(user, "profile", "real_name") or text(user, "name")
    name = name or text(user, "id")
    if flag(user, "is_bot", "is_workflow_bot") or text(user, "id") == "USLACKBOT":
        return Person(name, Role.BOT)
    home = {text(user, "team_id"), *strings(user, "enterprise_user", "teams")}
    if me.team not in home or flag(user, "is_stranger"):
        return Person(name, Role.CUSTOMER)
    if flag(user, "is_admin", "is_owner", "is_primary_owner"):
        return Person(name, Role.ADMIN)
    return Person(name, Role.STAFF if staff else Role.CUSTOMER)


def room_in(channel: Table) -> Room:
    """What a ``channel`` object says: what isn't clearly public is private, what isn't clearly ours alone is not."""
    direct = flag(channel, "is_im")
    closed = direct or flag(channel, "is_mpim", "is_private", "is_group") or not flag(channel, "is_channel")
    if flag(channel, "is_ext_shared", "is_shared", "is_pending_ext_shared"):
        shared = Shared.YES
    else:
        # an object that doesn't say is no assurance
        shared = Shared.NO if direct or channel.get("is_ext_shared") is False else Shared.UNKNOWN
    return Room(text(channel, "name"), Audience.PRIVATE if closed else Audience.PUBLIC, shared, direct)


class _Kept(Generic[Entry]):
    """Answers, for a while; the oldest go first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[datetime, Entry]] = {}

    def get(self, name: str) -> Entry | None:
        found = self._entries.get(name)
        return found[1] if found and found[0] > self._clock.now() else None

    def put(self, name: str, entry: Entry) -> None:
        self._entries.pop(name, None)
        while len(self._entries) >= MOST_KEPT:
            del self._entries[next(iter(self._entries))]
        self._entries[name] = (self._clock.now() + FRESH_FOR, entry)

    def forget(self, name: str) -> None:
        self._entries.pop(name, None)

    def clear(self) -> None:
        self._entries.clear()
