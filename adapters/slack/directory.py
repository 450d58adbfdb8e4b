"""Who people are and who reads a channel, as the platform says it; asked once, and again when an event says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from adapters.slack.api import Api, Me
from adapters.slack.asking import Asking
from adapters.slack.fields import Table, flag, is_id, rows, strings, table, text
from adapters.slack.keeping import MOST_KEPT, Kept
from dialogue.errors import Rejected, SendError, Unavailable, Uncertain
from dialogue.ports import Clock
from knowledge_base.channels import Audience, Shared
from knowledge_base.members import Role

MOST_MENTIONED: Final = 20
"""People mentioned in one message who are looked up."""
MENTIONED_A_MINUTE: Final = 30
"""People who are looked up for their mention alone. Slack lets about a hundred be looked up a minute."""
LATE: Final = timedelta(seconds=30)
"""What an event says of somebody of whom nothing is known yet is not believed when it is older than that."""
MANY: Final = 20
"""If more people are wanted at one time, they are looked for in the list of all before each is asked for alone."""
PAGE: Final = 200
"""People of one page of that list."""
PAGES: Final = 15
"""Read at one time, as Slack allows about 20 a minute. Who stands on none of them is asked for alone."""
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
        self._clock = clock
        self._asking = Asking(api, me, clock)
        self._versions: dict[str, int] = {}
        self._minute = clock.now()
        self._mentions_left = MENTIONED_A_MINUTE
        self._people = Kept(clock, self._ask_person)
        self._everybody = Kept(clock, self._ask_everybody)
        self._rooms = Kept(clock, self._ask_room)
        self._groups = Kept(clock, self._ask_groups)
        self._talks = Kept(clock, self._ask_talk)

    async def people(self, users: Iterable[str]) -> dict[str, Person]:
        """Each of them; who can't be looked up is a customer named by their id."""
        return {user: await self.person(user) for user in dict.fromkeys(users)}

    async def mentioned(self, users: Sequence[str]) -> dict[str, Person]:
        """Those of the first :data:`MOST_MENTIONED` who are known, or may be looked up for that. Raises nothing."""
        few = users[:MOST_MENTIONED]
        return await self.named(
            [user for user in few if self._people.known(user) is not None or self._may_look_up_a_mention()]
        )

    async def named(self, users: Sequence[str]) -> dict[str, Person]:
        """Those of the first :data:`MOST_MENTIONED` who can be looked up now, and have a name. Raises nothing."""
        found: dict[str, Person] = {}
        for user in filter(is_id, users[:MOST_MENTIONED]):
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

    async def expect(self, users: Iterable[str]) -> None:
        """These are about to be wanted, one after the other."""
        if sum(self._people.known(user) is None for user in set(users)) > MANY:
            await self._everybody.get(_ALL)

    async def listed(self, cursor: str) -> tuple[Sequence[Table], str]:
        """The ``user`` objects of one page of the list of people, who are known then; and the next page's cursor."""
        told = await self._asking.read("users.list", limit=PAGE, **({"cursor": cursor} if cursor else {}))
        users = rows(told, "members")
        for user in users:
            if known := text(user, "id"):
                self._note_version(user)
                self._people.suppose(known, person_in(user, self._me))
        return users, text(told, "response_metadata", "next_cursor")

    async def told(self, user: Table, at: datetime) -> Person:
        """Somebody of whom an event of ``at`` tells in a ``user`` object.

        Events come again, and late: they are asked for where that is not surely the last that was said of them.
        """
        name, person = text(user, "id"), person_in(user, self._me)
        if self._is_news(user, at):
            self._people.put(name, person)
        elif self._people.known(name) != person:
            self._people.forget(name)
        self._note_version(user)
        return await self.person(name)

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

    def talk_known(self, user: str) -> str | None:
        """The same, if it need not be asked for."""
        return self._talks.known(user)

    async def room(self, channel: str) -> Room:
        """One channel; one that can't be looked up counts as private and read by outsiders."""
        return await self._rooms.get(channel)

    async def room_now(self, channel: str) -> Room:
        """The same, asked anew."""
        self._rooms.forget(channel)
        return await self._rooms.get(channel)

    async def is_gone(self, channel: str) -> bool:
        """Whether Slack, asked anew, knows of no such channel any more."""
        try:
            told = await self._asking.about(channel, "conversations.info", channel=channel)
        except Rejected as error:
            return str(error).endswith("channel_not_found")
        self._rooms.put(channel, room_in(table(told, "channel")))
        return False

    def forget_all(self) -> None:
        """Anything may have changed, and we weren't told."""
        for kept in (self._people, self._everybody, self._rooms, self._groups):
            kept.forget_all()

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

    def _may_look_up_a_mention(self) -> bool:
        now = self._clock.now()
        if now - self._minute >= timedelta(minutes=1):
            self._minute, self._mentions_left = now, MENTIONED_A_MINUTE
        self._mentions_left -= 1
        return self._mentions_left >= 0

    def _is_news(self, user: Table, at: datetime) -> bool:
        known = self._versions.get(text(user, "id"))
        return at > self._clock.now() - LATE if known is None else _version(user) > known

    def _note_version(self, user: Table) -> None:
        name = text(user, "id")
        latest = max(self._versions.pop(name, 0), _version(user))
        while len(self._versions) >= MOST_KEPT:
            del self._versions[next(iter(self._versions))]
        self._versions[name] = latest

    async def _ask_person(self, user: str) -> Person:
        if self._people.wanted > MANY:
            await self._everybody.get(_ALL)
            known = self._people.known(user)
            if known is not None:
                return known
        try:
            told = table(await self._asking.about(user, "users.info", user=user), "user")
            self._note_version(told)
            return person_in(told, self._me)
        except Rejected as error:
            structlog.get_logger().info("user_unknown", user=user, reason=str(error))
            return Person(user, Role.CUSTOMER)

    async def _ask_everybody(self, _: str) -> int:
        """Read the list of people, as far as that goes now; how many pages were read."""
        cursor = ""
        for page in range(PAGES):
            try:
                cursor = (await self.listed(cursor))[1]
            except SendError as error:
                structlog.get_logger().info("people_not_all_known", reason=type(error).__name__)
                return page
            if not cursor:
                return page + 1
        return PAGES

    async def _ask_room(self, channel: str) -> Room:
        try:
            return room_in(table(await self._asking.about(channel, "conversations.info", channel=channel), "channel"))
        except Rejected as error:
            structlog.get_logger().info("channel_unknown", channel=channel, reason=str(error))
            return UNKNOWN_ROOM

    async def _ask_groups(self, _: str) -> Sequence[UserGroup]:
        try:
            told = await self._asking.about("user groups", "usergroups.list", include_users="true")
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


def _version(user: Table) -> int:
    """The second at which a ``user`` object was last changed."""
    updated = user.get("updated")
    return updated if isinstance(updated, int) else 0


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
