"""Who people are and who reads a channel, as the platform says it; asked once, and again when an event says so."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from adapters.slack.api import Api, Me
from adapters.slack.fields import Table, flag, rows, strings, table, text
from adapters.slack.keeping import Kept
from dialogue.errors import Rejected, SendError, Unavailable, Uncertain
from dialogue.ports import Clock
from knowledge_base.channels import Audience, Shared
from knowledge_base.members import Role

MOST_MENTIONED: Final = 20
"""People mentioned in one message who are looked up."""
AT_ONCE: Final = 20
"""Questions that are open at one time."""
_ALL: Final = ""
_AS_IT_WAS: Final = ("_join", "_leave", "_topic", "_purpose", "_deleted")
"""What happens in a channel and leaves its name and its readers as they are, or nothing to look up."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user as they are known here. ``groups``: their own id and those of the user groups they are in."""

    name: str
    role: Role
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as it is read here. ``direct``: it is between one person and us."""

    name: str
    audience: Audience
    shared: Shared
    direct: bool = False


@dataclass(frozen=True, slots=True)
class UserGroup:
    """Some people of the workspace, by a name that is theirs together."""

    id: str
    name: str
    handle: str
    users: frozenset[str]


UNKNOWN_ROOM: Final = Room("", Audience.PRIVATE, Shared.UNKNOWN)
"""What is not known is taken for a few people's, with outsiders among them."""


class Directory:
    """Looks people and channels up. Raises RateLimited or Unavailable where Slack can't say now."""

    def __init__(self, api: Api, me: Me, clock: Clock) -> None:
        self._api = api
        self._me = me
        self._lines = asyncio.Semaphore(AT_ONCE)
        self._people = Kept(clock, self._ask_person)
        self._rooms = Kept(clock, self._ask_room)
        self._groups = Kept(clock, self._ask_groups)
        self._talks = Kept(clock, self._ask_talk)

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
        return await self._with_groups(user, await self._people.get(user))

    async def told(self, user: Table) -> Person:
        """Somebody whom Slack has just told of in a ``user`` object."""
        known = person_in(user, self._me)
        self._people.put(text(user, "id"), known)
        return await self._with_groups(text(user, "id"), known)

    async def groups(self) -> Sequence[UserGroup]:
        """The workspace's user groups; none where it has none, or keeps them to itself."""
        return await self._groups.get(_ALL)

    async def called(self, chosen: Sequence[str]) -> Mapping[str, str]:
        """What people and user groups are called, of those that can be looked up now. Raises nothing."""
        try:
            names = {group.id: group.name for group in await self.groups()}
        except SendError as error:
            structlog.get_logger().info("user_groups_unknown", reason=str(error))
            names = {}
        people = await self.named([one for one in chosen if one not in names])
        return names | {user: person.name for user, person in people.items()}

    async def talk(self, user: str) -> str:
        """The channel between the app and one person. Raises any SendError but Uncertain."""
        return await self._talks.get(user)

    async def room(self, channel: str) -> Room:
        """One channel; one that can't be looked up counts as private and read by outsiders."""
        return await self._rooms.get(channel)

    def heed(self, event: Table) -> None:
        """Forget what an event says has changed."""
        kind = text(event, "type")
        if kind.startswith("subteam_"):
            self._groups.forget(_ALL)
        told = text(event, "subtype") if kind == "message" else kind
        we_joined = told == "member_joined_channel" and text(event, "user") == self._me.user
        if we_joined or (told.startswith(("channel_", "group_")) and not told.endswith(_AS_IT_WAS)):
            # renamed and archived ones are objects, shared and unshared ones ids
            self._rooms.forget(text(event, "channel") or text(event, "channel", "id"))

    async def _with_groups(self, user: str, known: Person) -> Person:
        """Strangers and programs are in none."""
        if not known.groups:
            return known
        groups = [group.id for group in await self.groups() if user in group.users]
        return replace(known, groups=(*known.groups, *groups))

    async def _ask_person(self, user: str) -> Person:
        try:
            return person_in(table(await self._read("users.info", user=user), "user"), self._me)
        except Rejected as error:
            structlog.get_logger().info("user_unknown", user=user, reason=str(error))
            return Person(user, Role.CUSTOMER)

    async def _ask_room(self, channel: str) -> Room:
        try:
            return room_in(table(await self._read("conversations.info", channel=channel), "channel"))
        except Rejected as error:
            structlog.get_logger().info("channel_unknown", channel=channel, reason=str(error))
            return UNKNOWN_ROOM

    async def _ask_groups(self, _: str) -> Sequence[UserGroup]:
        try:
            told = await self._read("usergroups.list", include_users="true")
        except Rejected as error:
            structlog.get_logger().info("user_groups_unknown", reason=str(error))
            return ()
        return [group_in(row) for row in rows(told, "usergroups") if text(row, "id")]

    async def _ask_talk(self, user: str) -> str:
        try:
            return text(await self._api.act("conversations.open", {"users": user}), "channel", "id")
        except Uncertain as error:
            # opening it twice is harmless
            raise Unavailable(str(error)) from error

    async def _read(self, method: str, **arguments: str) -> Table:
        async with self._lines:
            return await self._api.read(method, **arguments)


def person_in(user: Table, me: Me) -> Person:
    """What a ``user`` object says; of groups, who they are themselves.

    Strangers, of other workspaces, are customers whatever they are at home.
    """
    name = text(user, "profile", "display_name") or text(user, "profile", "real_name") or text(user, "name")
    known = text(user, "id")
    if is_bot(user):
        return Person(name or known, Role.BOT)
    if not is_at_home(user, me):
        return Person(name or known, Role.CUSTOMER)
    role = Role.ADMIN if flag(user, "is_admin", "is_owner", "is_primary_owner") else Role.CUSTOMER
    return Person(name or known, role, (known,))


def is_bot(user: Table) -> bool:
    """Whether a ``user`` object tells of a program."""
    return flag(user, "is_bot", "is_workflow_bot") or text(user, "id") == "USLACKBOT"


def is_at_home(user: Table, me: Me) -> bool:
    """Whether a ``user`` object tells of somebody of our workspace."""
    home = {text(user, "team_id"), *strings(user, "enterprise_user", "teams")}
    return me.team in home and not flag(user, "is_stranger")


def group_in(group: Table) -> UserGroup:
    """What a ``usergroup`` object says."""
    known, handle = text(group, "id"), text(group, "handle")
    return UserGroup(known, text(group, "name") or handle or known, handle, frozenset(strings(group, "users")))


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
