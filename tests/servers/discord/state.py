"""What the platform knows: servers, channels, people, messages. Payloads are as Discord's documentation shows them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

Json = dict[str, Any]
Tell = Callable[[str, Json], None]

VIEW, SEND, ADMINISTRATOR = 1 << 10, 1 << 11, 1 << 3
REACT, HISTORY, THREADS, THREAD_SEND, ROLES = 1 << 6, 1 << 16, 1 << 35, 1 << 38, 1 << 28
ATTACH = 1 << 15
INVITED = REACT | VIEW | SEND | ATTACH | HISTORY | ROLES | THREADS | THREAD_SEND
"""What the bot was given with its invitation."""
TEXT, FORUM, PUBLIC_THREAD, PRIVATE_THREAD, DIRECT = 0, 15, 11, 12, 1
_EPOCH = 1_420_070_400_000


@dataclass
class Interaction:
    """What somebody asked, and what the bot answered. ``answers``: what the asker sees, in order."""

    id: str
    token: str
    type: int
    user: str
    channel: str
    made: float
    payload: Json
    acknowledged: Json | None = None
    answers: list[Json] = field(default_factory=list)


class State:
    """What is there. Whatever changes is told through ``tell``, as a gateway event."""

    def __init__(self) -> None:
        self.tell: Tell = lambda _name, _payload: None
        self.token = "discord-test-token"
        self.flags = 1 << 19 | 1 << 15  # the application may read messages, and hear of members
        self.shards = 1  # as many as are recommended
        self.files: dict[str, bytes] = {}
        self.application = "900000000000000001"
        self.bot = "900000000000000002"
        self.users: dict[str, Json] = {}
        self.guilds: dict[str, Json] = {}
        self.members: dict[tuple[str, str], Json] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, dict[str, Json]] = {}
        self.reactions: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.nonces: dict[tuple[str, str], str] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[Json] = []
        self.closed_direct: set[str] = set()
        self.mute: set[str] = set()
        """Channels in which the bot may not send."""
        self.pings: list[str] = []
        self._skipped = 0.0
        self._counter = count()
        self._last = 0
        self.user(self.bot, "Parley", bot=True)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._skipped  # noqa: TID251 - the platform has a clock of its own

    def skip(self, seconds: float) -> None:
        """Time passes."""
        self._skipped += seconds

    def snowflake(self) -> str:
        """The next id; later ones are greater."""
        made = (int(self.now() * 1000) - _EPOCH) << 22
        self._last = max(self._last + 1, made)
        return str(self._last)

    def moment(self) -> str:
        """Now, as Discord writes it."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat()

    # ---- what is there -------------------------------------------------------------------------------------------

    def user(self, user: str, name: str, *, bot: bool = False) -> Json:
        made = {"id": user, "username": name.lower().replace(" ", "_"), "global_name": name, "discriminator": "0"}
        self.users[user] = {**made, "avatar": None, "bot": bot}
        if bot:
            self.users[user]["username"] = name
        return self.users[user]

    def guild(self, name: str, guild: str = "") -> str:
        guild = guild or self.snowflake()
        everyone = {"id": guild, "name": "@everyone", "permissions": str(VIEW | SEND), "position": 0}
        ours = {"id": self.snowflake(), "name": "Parley", "permissions": str(INVITED), "position": 1, "managed": True}
        self.guilds[guild] = {"id": guild, "name": name, "owner_id": "1", "roles": [everyone, ours], "emojis": []}
        self.join(guild, self.bot, (str(ours["id"]),))
        self.tell("GUILD_CREATE", self.guild_payload(guild))
        return guild

    def leave(self, guild: str, *, unavailable: bool = False) -> None:
        payload: Json = {"id": guild}
        if unavailable:
            payload["unavailable"] = True
        else:
            del self.guilds[guild]
        self.tell("GUILD_DELETE", payload)

    def role(self, guild: str, name: str, permissions: int = 0, position: int = 1) -> str:
        """``position``: one over 1 stands above the bot's own."""
        role = {"id": self.snowflake(), "name": name, "permissions": str(permissions), "position": position}
        self.guilds[guild]["roles"].append(role)
        self.tell("GUILD_ROLE_CREATE", {"guild_id": guild, "role": role})
        return str(role["id"])

    def join(self, guild: str, user: str, roles: tuple[str, ...] = (), nick: str | None = None) -> None:
        joined = "2026-01-01T00:00:00+00:00"
        self.members[guild, user] = {
            "roles": list(roles),
            "nick": nick,
            "joined_at": joined,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        if user != self.bot:
            self.tell("GUILD_MEMBER_ADD", {**self.members[guild, user], "guild_id": guild, "user": self.users[user]})

    def quit(self, guild: str, user: str) -> None:
        """Somebody leaves the server."""
        del self.members[guild, user]
        self.tell("GUILD_MEMBER_REMOVE", {"guild_id": guild, "user": self.users[user]})

    def change_member(self, guild: str, user: str, **parts: Any) -> None:
        """Somebody has other ``roles``, another ``nick``, or something else that is nobody's business."""
        self.members[guild, user].update(parts)
        self.tell("GUILD_MEMBER_UPDATE", {**self.members[guild, user], "guild_id": guild, "user": self.users[user]})

    def emoji(self, guild: str, name: str) -> str:
        """The server has an emoji of its own."""
        made = {"id": self.snowflake(), "name": name, "animated": False}
        self.guilds[guild]["emojis"].append(made)
        self.tell("GUILD_EMOJIS_UPDATE", {"guild_id": guild, "emojis": self.guilds[guild]["emojis"]})
        return str(made["id"])

    def overwrite(self, channel: str, of: str, *, deny: int = 0, allow: int = 0) -> None:
        """What a role or a person may and may not do in a channel, other than on the server."""
        there = [each for each in self.channels[channel]["permission_overwrites"] if each["id"] != of]
        kind = 1 if of in self.users else 0
        self.channels[channel]["permission_overwrites"] = [
            *there,
            {"id": of, "type": kind, "allow": str(allow), "deny": str(deny)},
        ]
        self.tell("CHANNEL_UPDATE", self.channels[channel])

    def bot_holds(self, guild: str) -> int:
        """What the bot's roles let it do on a server."""
        mine, held = [guild, *self.members[guild, self.bot]["roles"]], 0
        for role in self.guilds[guild]["roles"]:
            held |= int(role["permissions"]) if role["id"] in mine else 0
        return held

    def bot_may(self, channel: str, permission: int) -> bool:
        """Whether the bot may do this in a channel or thread."""
        found = self.channels[channel]
        guild = found.get("guild_id")
        if guild is None:
            return True
        mine = [guild, *self.members[guild, self.bot]["roles"]]
        held = self.bot_holds(guild)
        if held & ADMINISTRATOR:
            return True
        parent = self.channels.get(found.get("parent_id") or "", found) if "thread_metadata" in found else found
        there = {each["id"]: each for each in parent["permission_overwrites"]}
        for group in ([guild], mine[1:], [self.bot]):
            several = [there[each] for each in group if each in there]
            for each in several:
                held &= ~int(each["deny"])
            for each in several:
                held |= int(each["allow"])
        return bool(held & VIEW) and bool(held & permission)

    def channel(self, guild: str, name: str, kind: int = TEXT, *, everyone: bool = True) -> str:
        channel = self.snowflake()
        hidden = [] if everyone else [{"id": guild, "type": 0, "allow": "0", "deny": str(VIEW)}]
        self.channels[channel] = {
            "id": channel,
            "guild_id": guild,
            "name": name,
            "type": kind,
            "position": 0,
            "parent_id": None,
            "permission_overwrites": hidden,
            "last_message_id": None,
        }
        self.messages[channel] = {}
        self.tell("CHANNEL_CREATE", self.channels[channel])
        return channel

    def tag(self, forum: str, name: str) -> str:
        """A tag that posts in a forum can have."""
        made = {"id": self.snowflake(), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
        self.channels[forum].setdefault("available_tags", []).append(made)
        self.tell("CHANNEL_UPDATE", self.channels[forum])
        return str(made["id"])

    def thread(
        self, parent: str, name: str, root: str | None = None, kind: int = PUBLIC_THREAD, tags: Sequence[str] = ()
    ) -> str:
        thread = root or self.snowflake()
        of = {name: value for name, value in self.channels[parent].items() if name != "available_tags"}
        meta = {"archived": False, "locked": False, "archive_timestamp": self.moment(), "auto_archive_duration": 1440}
        self.channels[thread] = {
            **of,
            "id": thread,
            "name": name,
            "type": kind,
            "parent_id": parent,
            "owner_id": "1",
            "last_message_id": None,
            "permission_overwrites": [],
            "thread_metadata": meta,
            "applied_tags": list(tags),
        }
        self.messages[thread] = {}
        self.tell("THREAD_CREATE", self.channels[thread])
        return thread

    def archive(self, thread: str) -> None:
        meta = self.channels[thread]["thread_metadata"]
        meta.update(archived=True, archive_timestamp=self.moment())
        self.tell("THREAD_UPDATE", self.channels[thread])

    def rename(self, channel: str, name: str) -> None:
        self.channels[channel]["name"] = name
        self.tell("CHANNEL_UPDATE", self.channels[channel])

    def open_to_everyone(self, channel: str) -> None:
        self.channels[channel]["permission_overwrites"] = []
        self.tell("CHANNEL_UPDATE", self.channels[channel])

    def hide_by_default(self, guild: str) -> None:
        """Everybody loses the sight of channels, except where a channel itself gives it."""
        (everyone,) = (role for role in self.guilds[guild]["roles"] if role["id"] == guild)
        everyone["permissions"] = "0"
        self.tell("GUILD_ROLE_UPDATE", {"guild_id": guild, "role": everyone})

    def guild_payload(self, guild: str) -> Json:
        mine = [each for each in self.channels.values() if each.get("guild_id") == guild]
        return {
            **self.guilds[guild],
            "channels": [each for each in mine if "thread_metadata" not in each],
            "threads": [each for each in mine if "thread_metadata" in each and not each["thread_metadata"]["archived"]],
            "members": [{**self.members[guild, self.bot], "user": self.users[self.bot]}],
            "member_count": sum(1 for key in self.members if key[0] == guild),
        }

    def told(self, message: Json) -> Json:
        """A message as the gateway tells of it: with the server and the author's roles."""
        guild = self.channels[message["channel_id"]].get("guild_id")
        if guild is None:
            return dict(message)
        member = self.members.get((guild, message["author"]["id"]))
        told = {**message, "guild_id": guild}
        return told if member is None or "webhook_id" in message else {**told, "member": member}
