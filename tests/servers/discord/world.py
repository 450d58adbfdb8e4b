"""What the platform knows: servers, channels, people, messages. Payloads are as Discord's documentation shows them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

Json = dict[str, Any]
Tell = Callable[[str, Json], None]

VIEW, SEND = 1 << 10, 1 << 11
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


class World:
    """State. Whatever changes is told through ``tell``, as a gateway event."""

    def __init__(self) -> None:
        self.tell: Tell = lambda _name, _payload: None
        self.token = "discord-test-token"
        self.flags = 1 << 19  # the application may read messages
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

    def guild(self, name: str) -> str:
        guild = self.snowflake()
        everyone = {"id": guild, "name": "@everyone", "permissions": str(VIEW | SEND), "position": 0}
        self.guilds[guild] = {"id": guild, "name": name, "owner_id": "1", "roles": [everyone], "emojis": []}
        self.join(guild, self.bot)
        self.tell("GUILD_CREATE", self.guild_payload(guild))
        return guild

    def leave(self, guild: str, *, unavailable: bool = False) -> None:
        payload: Json = {"id": guild}
        if unavailable:
            payload["unavailable"] = True
        else:
            del self.guilds[guild]
        self.tell("GUILD_DELETE", payload)

    def role(self, guild: str, name: str, permissions: int = 0) -> str:
        role = {"id": self.snowflake(), "name": name, "permissions": str(permissions), "position": 1}
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

    def thread(self, parent: str, name: str, root: str | None = None, kind: int = PUBLIC_THREAD) -> str:
        thread = root or self.snowflake()
        of = self.channels[parent]
        meta = {"archived": False, "locked": False, "archive_timestamp": self.moment(), "auto_archive_duration": 1440}
        self.channels[thread] = {
            **of,
            "id": thread,
            "name": name,
            "type": kind,
            "parent_id": parent,
            "owner_id": "1",
            "last_message_id": None,
            "thread_metadata": meta,
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

    # ---- what people do ------------------------------------------------------------------------------------------

    def say(self, user: str, channel: str, text: str, **more: Any) -> str:
        """Somebody posts; ``more`` goes into the message."""
        return str(self.put(user, channel, {"content": text, **more})["id"])

    def put(self, user: str, channel: str, parts: Json) -> Json:
        nonce = parts.pop("nonce", None)
        message = {
            "id": self.snowflake(),
            "channel_id": channel,
            "author": self.users[user],
            "content": "",
            "timestamp": self.moment(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 19 if "message_reference" in parts else 0,
            "flags": 0,
            "components": [],
            **parts,
        }
        message["mentions"] = [each for each in self.users.values() if f"<@{each['id']}>" in message["content"]]
        self.messages[channel][message["id"]] = message
        self.channels[channel]["last_message_id"] = message["id"]
        self.tell("MESSAGE_CREATE", self.told(message) | ({"nonce": nonce} if nonce else {}))
        return message

    def post_in_forum(self, user: str, forum: str, title: str, text: str) -> str:
        """A post: a thread whose first message has the thread's own id."""
        root = self.snowflake()
        thread = self.thread(forum, title, root)
        self.put(user, thread, {"content": text, "id": root})
        return thread

    def change(self, channel: str, message: str, text: str) -> None:
        found = self.messages[channel][message]
        found.update(content=text, edited_timestamp=self.moment())
        self.tell("MESSAGE_UPDATE", self.told(found))

    def unfurl(self, channel: str, message: str) -> None:
        """A link's preview appears: an update, but no edit."""
        found = self.messages[channel][message]
        found["embeds"] = [{"type": "link", "url": "https://example.org"}]
        self.tell("MESSAGE_UPDATE", self.told(found))

    def delete(self, channel: str, *messages: str) -> None:
        for message in messages:
            del self.messages[channel][message]
        where = {"channel_id": channel, "guild_id": self.channels[channel]["guild_id"]}
        if len(messages) == 1:
            self.tell("MESSAGE_DELETE", {"id": messages[0], **where})
        else:
            self.tell("MESSAGE_DELETE_BULK", {"ids": list(messages), **where})

    def delete_thread(self, thread: str) -> None:
        found = self.channels.pop(thread)
        del self.messages[thread]
        self.tell("THREAD_DELETE", {name: found[name] for name in ("id", "guild_id", "parent_id", "type")})

    def react(self, user: str, channel: str, message: str, emoji: str) -> None:
        there = self.reactions.setdefault((channel, message), {}).setdefault(emoji, [])
        if user not in there:
            there.append(user)
            self.tell("MESSAGE_REACTION_ADD", self._reaction(user, channel, message, emoji, with_member=True))

    def unreact(self, user: str, channel: str, message: str, emoji: str) -> bool:
        there = self.reactions.get((channel, message), {}).get(emoji, [])
        if user not in there:
            return False
        there.remove(user)
        self.tell("MESSAGE_REACTION_REMOVE", self._reaction(user, channel, message, emoji, with_member=False))
        return True

    def told(self, message: Json) -> Json:
        """A message as the gateway tells of it: with the server and the author's roles."""
        guild = self.channels[message["channel_id"]].get("guild_id")
        if guild is None:
            return dict(message)
        member = self.members.get((guild, message["author"]["id"]))
        told = {**message, "guild_id": guild}
        return told if member is None or "webhook_id" in message else {**told, "member": member}

    def _reaction(self, user: str, channel: str, message: str, emoji: str, *, with_member: bool) -> Json:
        guild = self.channels[channel]["guild_id"]
        told = {
            "user_id": user,
            "channel_id": channel,
            "message_id": message,
            "guild_id": guild,
            "type": 0,
            "burst": False,
        }
        told["emoji"] = {"id": None, "name": emoji}
        if with_member:
            told["member"] = {**self.members[guild, user], "user": self.users[user]}
        return told

    # ---- what people ask -----------------------------------------------------------------------------------------

    def ask(self, user: str, channel: str, kind: int, data: Json, message: str | None = None) -> Interaction:
        """Somebody gives a command (2), presses (3), types an option (4) or sends a form (5)."""
        found, of = self.snowflake(), self.channels[channel]
        member = {**self.members[of["guild_id"], user], "user": self.users[user], "permissions": "0"}
        payload = {
            "id": found,
            "application_id": self.application,
            "type": kind,
            "token": f"interaction-token-{found}",
            "version": 1,
            "guild_id": of["guild_id"],
            "channel_id": channel,
            "channel": of,
            "member": member,
            "locale": "en-US",
            "data": data,
        }
        if message is not None:
            payload["message"] = self.messages[channel][message]
        asked = Interaction(found, payload["token"], kind, user, channel, self.now(), payload)
        self.interactions[found] = asked
        self.tell("INTERACTION_CREATE", payload)
        return asked

    def command(self, user: str, channel: str, noun: str, verb: str | None = None, **options: str) -> Interaction:
        given = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
        inner = given if verb is None else [{"name": verb, "type": 1, "options": given}]
        return self.ask(user, channel, 2, {"id": "1", "name": noun, "type": 1, "options": inner})

    def type_option(self, user: str, channel: str, noun: str, verb: str, option: str, typed: str) -> Interaction:
        typing = {"name": option, "type": 3, "value": typed, "focused": True}
        inner = [{"name": verb, "type": 1, "options": [typing]}]
        return self.ask(user, channel, 4, {"id": "1", "name": noun, "type": 1, "options": inner})

    def menu(self, user: str, channel: str, name: str, message: str) -> Interaction:
        data = {"id": "1", "name": name, "type": 3, "target_id": message, "resolved": {"messages": {}}}
        return self.ask(user, channel, 2, data)

    def press(self, user: str, channel: str, message: str, custom_id: str) -> Interaction:
        assert custom_id in str(self.messages[channel][message]["components"]), "there is no such button"
        return self.ask(user, channel, 3, {"custom_id": custom_id, "component_type": 2}, message)

    def submit(self, user: str, channel: str, custom_id: str, **values: str) -> Interaction:
        fields = [
            {"type": 18, "component": {"type": 4, "custom_id": name, "value": value}} for name, value in values.items()
        ]
        return self.ask(user, channel, 5, {"custom_id": custom_id, "components": fields})
