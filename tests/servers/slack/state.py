"""What a workspace holds: people, channels, messages. Time is the machine's, plus what a test adds to ``later``."""

import html
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]

URL = re.compile(r"https?://[^\s<>()\[\]]+")


class Refusal(Exception):
    """What the platform refuses; the error's name as Slack gives it, and more of its answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass
class Channel:
    """``kind``: public, private, mpim or im. ``other``: whom a direct message is with."""

    id: str
    name: str
    kind: str = "public"
    other: str | None = None
    flags: Payload = field(default_factory=dict)
    member: bool = True
    messages: dict[str, Payload] = field(default_factory=dict)

    def seen(self) -> Payload:
        """As ``conversations.info`` tells of it."""
        private = self.kind in ("private", "mpim")
        told: Payload = {
            "id": self.id,
            "is_channel": self.kind == "public",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": private,
            "is_group": self.kind == "private",
            "is_member": self.member,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            **self.flags,
        }
        return told | ({"user": self.other} if self.kind == "im" else {"name": self.name})


@dataclass
class Address:
    """A ``response_url``: who is answered where, until when, and how often still."""

    user: str
    channel: str
    until: float
    left: int = 5
    answers: list[Payload] = field(default_factory=list)


@dataclass
class File:
    """A picture, or what is shared in ``channel``. ``patience``: posts that are refused before it can be used."""

    id: str
    content: bytes = b""
    complete: bool = False
    patience: int = 0
    channel: str = ""


class Workspace:
    """One team. ``tell``: called with each event that the app is to hear of.

    ``patience``: how many posts each new picture is not yet good for.
    """

    def __init__(self, team: str = "T1") -> None:
        self.team = team
        self.bot_user, self.bot = f"{team}BOTUSER", f"{team}BOT"
        self.users: dict[str, Payload] = {}
        self.files: dict[str, File] = {}
        self.patience = 0
        self.homes: dict[str, Payload] = {}
        self.groups: dict[str, Payload] = {}
        self.channels: dict[str, Channel] = {}
        self.addresses: dict[str, Address] = {}
        self.views: dict[str, Payload] = {}
        self.triggers: dict[str, float] = {}
        self.later = 0.0
        self.tell: Callable[[Payload], None] = lambda event: None
        self._last = 0
        self._numbers = itertools.count(1)
        self.person(self.bot_user, "Parley", is_bot=True)
        self.channel("C1", "help")

    # ---- what a test sets up ----------------------------------------------------------------------------------------

    def person(self, user: str, name: str, **more: Any) -> Payload:
        """Somebody joins, or is changed."""
        profile = {"real_name": name, "display_name": name}
        known = {"id": user, "team_id": self.team, "name": user, "real_name": name, "profile": profile, "is_bot": False}
        known["updated"] = int(self.now())
        self.users[user] = known | {"is_admin": False, "is_owner": False} | more
        return self.users[user]

    def group(self, group: str, name: str, *users: str) -> None:
        """A user group is made, or its members are others now."""
        self.groups[group] = {"id": group, "team_id": self.team, "name": name, "handle": name, "users": list(users)}
        self.tell({"type": "subteam_members_changed", "subteam_id": group, "event_ts": self.ts()})

    def channel(self, channel: str, name: str, kind: str = "public", **flags: Any) -> Channel:
        """A channel is made."""
        self.channels[channel] = Channel(channel, name, kind, flags=flags)
        return self.channels[channel]

    # ---- what people do ---------------------------------------------------------------------------------------------

    def say(self, user: str, channel: str, text: str, thread: str | None = None, **more: Any) -> str:
        """Somebody writes what is typed as ``text``; its ``ts`` comes back."""
        written = URL.sub(lambda found: f"<{found[0]}>", html.escape(text, quote=False))
        return str(self.post(channel, {"user": user, "text": written, "team": self.team} | more, thread)["ts"])

    def mention(self, user: str, channel: str, text: str) -> str:
        """Somebody addresses the app."""
        written = f"<@{self.bot_user}> {html.escape(text, quote=False)}"
        return str(self.post(channel, {"user": user, "text": written, "team": self.team})["ts"])

    def come(self, user: str, name: str, **more: Any) -> None:
        """Somebody joins the workspace, or is changed there; the app is told."""
        kind = "user_change" if user in self.users else "team_join"
        self.tell({"type": kind, "user": self.person(user, name, **more), "event_ts": self.ts()})

    def join(self, user: str, channel: str) -> None:
        """Somebody joins a channel."""
        if user == self.bot_user:
            self.channels[channel].member = True
        self._tell(channel, {"type": "member_joined_channel", "user": user, "channel": channel, "event_ts": self.ts()})

    def remove(self, channel: str) -> None:
        """A channel is deleted."""
        kind = "group_deleted" if self.channels[channel].kind == "private" else "channel_deleted"
        self._tell(channel, {"type": kind, "channel": channel, "event_ts": self.ts()})
        del self.channels[channel]

    def change(self, channel: str, ts: str, text: str | None = None, **more: Any) -> None:
        """Somebody changes a message; without a text it is an unfurl."""
        before = self.message(channel, ts)
        after = dict(before) | more
        if text is not None:
            after |= {"text": html.escape(text, quote=False), "edited": {"user": before["user"], "ts": self.ts()}}
        self.channels[channel].messages[ts] = after
        self._changed(channel, after, before)

    def delete(self, channel: str, ts: str) -> None:
        """Somebody deletes a message. A root with replies leaves a tombstone."""
        messages = self.channels[channel].messages
        before = self.message(channel, ts)
        if any(m.get("thread_ts") == ts and m["ts"] != ts for m in messages.values()):
            grave = {"type": "message", "subtype": "tombstone", "text": "This message was deleted.", "hidden": True}
            messages[ts] = grave | {
                "ts": ts,
                "user": "USLACKBOT",
                "thread_ts": ts,
                "latest_reply": self.latest(channel, ts),
            }
            self._changed(channel, messages[ts], before)
            return
        del messages[ts]
        told = {"type": "message", "subtype": "message_deleted", "channel": channel, "deleted_ts": ts}
        self._tell(channel, told | {"ts": self.ts(), "previous_message": before, "hidden": True})

    def react(self, user: str, channel: str, ts: str, name: str, *, present: bool = True) -> None:
        """Somebody puts an emoji on a message, or takes it back."""
        message = self.message(channel, ts)
        found = message.setdefault("reactions", [])
        entry = next((one for one in found if one["name"] == name), None)
        if present:
            if entry and user in entry["users"]:
                raise Refusal("already_reacted")
            if entry is None:
                entry = {"name": name, "users": []}
                found.append(entry)
            entry["users"].append(user)
        else:
            if entry is None or user not in entry["users"]:
                raise Refusal("no_reaction")
            entry["users"].remove(user)
        item = {"type": "message", "channel": channel, "ts": ts}
        kind = "reaction_added" if present else "reaction_removed"
        self._tell(channel, {"type": kind, "user": user, "reaction": name, "item": item, "event_ts": self.ts()})

    # ---- shared with the Web API ------------------------------------------------------------------------------------

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time_ns() / 1e9 + self.later

    def ts(self) -> str:
        """A fresh ``ts``, later than every earlier one."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def name(self, prefix: str) -> str:
        """A fresh id."""
        return f"{prefix}{next(self._numbers):08d}"

    def post(self, channel: str, message: Payload, thread: str | None = None) -> Payload:
        """Put a message into a channel, whoever writes it."""
        place = self.channels[channel]
        kept = {"type": "message", "ts": self.ts(), **message}
        if thread is not None:
            root = self.message(channel, thread)
            kept["thread_ts"] = thread
            root |= {"thread_ts": thread, "reply_count": root.get("reply_count", 0) + 1, "latest_reply": kept["ts"]}
        place.messages[kept["ts"]] = kept
        self._tell(channel, {**kept, "channel": channel, "event_ts": kept["ts"]})
        if f"<@{self.bot_user}>" in kept.get("text", ""):
            self._tell(channel, {**kept, "type": "app_mention", "channel": channel, "event_ts": kept["ts"]})
        return kept

    def message(self, channel: str, ts: str) -> Payload:
        """A message as it stands."""
        if channel not in self.channels:
            raise Refusal("channel_not_found")
        if ts not in self.channels[channel].messages:
            raise Refusal("message_not_found")
        return self.channels[channel].messages[ts]

    def latest(self, channel: str, root: str) -> str:
        """The ``ts`` of a thread's last reply."""
        return max(str(m["ts"]) for m in self.channels[channel].messages.values() if m.get("thread_ts") == root)

    def trigger(self) -> str:
        """A trigger id, good for three seconds."""
        trigger = self.name("trigger.")
        self.triggers[trigger] = self.now() + 3
        return trigger

    def address(self, base: str, user: str, channel: str) -> str:
        """A ``response_url``, good for half an hour and five answers."""
        name = self.name("answer")
        self.addresses[name] = Address(user, channel, self.now() + 1800)
        return f"{base}/response/{name}"

    def shown(self, channel: str, ts: str) -> str:
        """Everything people can read in a message."""
        message = self.message(channel, ts)
        blocks = message.get("blocks") or []
        return "\n".join(texts(blocks)) if blocks else html.unescape(str(message.get("text", "")))

    def _changed(self, channel: str, after: Payload, before: Payload) -> None:
        told = {"type": "message", "subtype": "message_changed", "channel": channel, "ts": self.ts(), "hidden": True}
        self._tell(channel, told | {"message": after, "previous_message": before})

    def _tell(self, channel: str, event: Payload) -> None:
        place = self.channels[channel]
        kinds = {"public": "channel", "private": "group"}
        if place.member:
            told = {"channel_type": kinds.get(place.kind, place.kind)} if event["type"] == "message" else {}
            self.tell(event | told)


def texts(node: Any) -> list[str]:
    """Every text in blocks, in order, as people read it: entities decoded, except where Slack takes text literally."""
    if isinstance(node, list):
        return [text for one in node for text in texts(one)]
    if not isinstance(node, dict):
        return []
    found = []
    if isinstance(node.get("text"), str):
        literal = node.get("type") in ("text", "link")
        found.append(node["text"] if literal else html.unescape(node["text"]))
    if isinstance(node.get("alt_text"), str):
        found.append(node["alt_text"])
    return found + [text for value in node.values() if isinstance(value, dict | list) for text in texts(value)]
