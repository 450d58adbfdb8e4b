"""What people do on the platform, and what they ask."""

from typing import Any

from tests.servers.discord.rules import every
from tests.servers.discord.state import DIRECT, Interaction, Json, State


class World(State):
    """Everything."""

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

    def post_in_forum(self, user: str, forum: str, title: str, text: str, *tags: str) -> str:
        """A post: a thread whose first message has the thread's own id."""
        root = self.snowflake()
        thread = self.thread(forum, title, root, tags=tags)
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
        guild = self.channels[channel].get("guild_id")
        where = {"channel_id": channel, **({"guild_id": guild} if guild else {})}
        if len(messages) == 1:
            self.tell("MESSAGE_DELETE", {"id": messages[0], **where})
        else:
            self.tell("MESSAGE_DELETE_BULK", {"ids": list(messages), **where})

    def delete_thread(self, thread: str) -> None:
        found = self.channels.pop(thread)
        del self.messages[thread]
        self.tell("THREAD_DELETE", {name: found[name] for name in ("id", "guild_id", "parent_id", "type")})

    def delete_channel(self, channel: str) -> None:
        """A channel goes with its threads, of which nothing is said; a category leaves its channels behind."""
        found = self.channels.pop(channel)
        del self.messages[channel]
        for inner, of in [(each, of) for each, of in self.channels.items() if of.get("parent_id") == channel]:
            if "thread_metadata" in of:
                del self.channels[inner], self.messages[inner]
            else:
                of["parent_id"] = None
        self.tell("CHANNEL_DELETE", found)

    def direct(self, user: str) -> str:
        """The channel between somebody and the bot."""
        for channel in self.channels.values():
            if channel.get("recipient") == user:
                return str(channel["id"])
        made = {"id": self.snowflake(), "type": DIRECT, "recipient": user, "last_message_id": None}
        self.channels[made["id"]] = made
        self.messages[made["id"]] = {}
        return str(made["id"])

    def write(self, user: str, text: str) -> str:
        """Somebody writes to the bot alone."""
        return self.say(user, self.direct(user), text)

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
        name, _, own = emoji.partition(":")
        told["emoji"] = {"id": own or None, "name": name}
        if with_member:
            told["member"] = {**self.members[guild, user], "user": self.users[user]}
        return told

    # ---- what people ask -----------------------------------------------------------------------------------------

    def ask(self, user: str, channel: str, kind: int, data: Json, message: str | None = None) -> Interaction:
        """Somebody gives a command (2), presses (3), types an option (4) or sends a form (5)."""
        found, of = self.snowflake(), self.channels[channel]
        who: Json = {"user": self.users[user]}
        if "guild_id" in of:
            member = {**self.members[of["guild_id"], user], "user": self.users[user], "permissions": "0"}
            who = {"guild_id": of["guild_id"], "member": member}
        payload = {
            "id": found,
            "application_id": self.application,
            "type": kind,
            "token": f"interaction-token-{found}",
            "version": 1,
            **who,
            "channel_id": channel,
            "channel": of,
            "locale": "en-US",
            "data": data,
        }
        if message is not None:
            payload["message"] = self.shown(channel, message)
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
        assert custom_id in str(self.shown(channel, message)["components"]), "there is no such button"
        return self.ask(user, channel, 3, {"custom_id": custom_id, "component_type": 2}, message)

    def choose(self, user: str, channel: str, message: str, custom_id: str, *chosen: str) -> Interaction:
        """Somebody chooses channels or roles from a menu, all that are to be chosen."""
        parts = every(self.shown(channel, message)["components"])
        (menu,) = [each for each in parts if each.get("custom_id") == custom_id]
        assert menu["min_values"] <= len(chosen) <= menu["max_values"], "so many can't be chosen"
        kind = {8: "channels", 6: "roles"}[menu["type"]]
        roles = {each["id"]: each for each in self.guilds[self.channels[channel]["guild_id"]]["roles"]}
        there = self.channels if kind == "channels" else roles
        if kind == "channels":
            assert all(there[each]["type"] in menu["channel_types"] for each in chosen), "it isn't offered"
        told = {each: {name: there[each].get(name) for name in ("id", "name", "type")} for each in chosen}
        data = {
            "custom_id": custom_id,
            "component_type": menu["type"],
            "values": list(chosen),
            "resolved": {kind: told},
        }
        return self.ask(user, channel, 3, data, message)

    def shown(self, channel: str, message: str) -> Json:
        """A message, or what only somebody who asked sees."""
        answers = (each for asked in self.interactions.values() for each in asked.answers)
        return self.messages[channel].get(message) or next(each for each in answers if each.get("id") == message)

    def submit(
        self, user: str, channel: str, custom_id: str, chosen: dict[str, list[str]] | None = None, **values: str
    ) -> Interaction:
        """Somebody sends a form: what they wrote, and what they chose."""
        fields = [
            {"type": 18, "component": {"type": 4, "custom_id": name, "value": value}} for name, value in values.items()
        ]
        fields += [
            {"type": 18, "component": {"type": 3, "custom_id": name, "values": picked}}
            for name, picked in (chosen or {}).items()
        ]
        return self.ask(user, channel, 5, {"custom_id": custom_id, "components": fields})
