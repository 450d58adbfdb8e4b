"""The Web API's methods over a workspace. Arguments are as Slack takes them; a :class:`Refusal` is ``ok: false``."""

from collections.abc import Callable
from typing import Any

from tests.servers.slack.limits import check_message, check_view
from tests.servers.slack.state import Channel, File, Payload, Refusal, Workspace

Method = Callable[[Payload], Payload]
PAGE = 100


_BY_KIND = {"public": "channels", "private": "groups", "mpim": "mpim", "im": "im"}
_SCOPES = {
    "users.info": "users:read",
    "users.list": "users:read",
    "usergroups.list": "usergroups:read",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
_READING = ("conversations.info", "conversations.members", "conversations.history", "conversations.replies")
_LISTING = ("conversations.list", "users.conversations")
KINDS = {"public_channel": "public", "private_channel": "private"}


class WebApi:
    """Answers calls that carry a good token. ``socket``, ``upload``: give the address of a new socket, of a file."""

    def __init__(self, workspace: Workspace, socket: Callable[[], str], upload: Callable[[str], str]) -> None:
        self._upload_address = upload
        self._space = workspace
        self._socket = socket
        self.methods: dict[str, Method] = {
            "auth.test": self._auth,
            "team.info": lambda _: {"team": {"id": workspace.team, "name": "Test", "domain": "test"}},
            "users.info": self._user,
            "users.list": lambda args: self._paged("members", list(workspace.users.values()), args),
            "users.conversations": self._list,
            "usergroups.list": self._groups,
            "conversations.info": lambda args: {"channel": self._channel(args).seen()},
            "conversations.list": self._list,
            "conversations.members": self._members,
            "conversations.open": self._open,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "chat.postMessage": self._post,
            "chat.postEphemeral": lambda args: {"message_ts": workspace.ts()} if self._sendable(args) else {},
            "chat.update": self._update,
            "chat.getPermalink": self._permalink,
            "reactions.add": lambda args: self._react(args, present=True),
            "reactions.remove": lambda args: self._react(args, present=False),
            "views.open": self._view,
            "views.publish": self._home,
            "files.getUploadURLExternal": self._upload,
            "files.completeUploadExternal": self._uploaded,
            "apps.connections.open": lambda _: {"url": self._socket()},
        }

    def needed(self, method: str, args: Payload) -> set[str]:
        """The scopes without which a call is refused."""
        if method in _LISTING:
            return {f"{_BY_KIND[KINDS.get(kind, kind)]}:read" for kind in str(args.get("types", "public")).split(",")}
        if method in _READING:
            channel = self._space.channels.get(str(args.get("channel")))
            ability = "history" if method in ("conversations.history", "conversations.replies") else "read"
            return {f"{_BY_KIND[channel.kind]}:{ability}"} if channel else set()
        return {_SCOPES[method]} if method in _SCOPES else set()

    def _auth(self, _: Payload) -> Payload:
        space = self._space
        told = {"url": "https://test.slack.com/", "team": "Test", "user": "parley"}
        return told | {"team_id": space.team, "user_id": space.bot_user, "bot_id": space.bot}

    def _user(self, args: Payload) -> Payload:
        if args.get("user") not in self._space.users:
            raise Refusal("user_not_found")
        return {"user": self._space.users[args["user"]]}

    def _groups(self, args: Payload) -> Payload:
        hidden = set() if _flag(args.get("include_users")) else {"users"}
        groups = self._space.groups.values()
        return {"usergroups": [{n: v for n, v in group.items() if n not in hidden} for group in groups]}

    def _list(self, args: Payload) -> Payload:
        wanted = [KINDS.get(kind, kind) for kind in str(args.get("types", "public_channel")).split(",")]
        found = [c.seen() for c in self._space.channels.values() if c.kind in wanted and c.member]
        return self._paged("channels", found, args)

    def _members(self, args: Payload) -> Payload:
        self._channel(args)
        return self._paged("members", list(self._space.users), args)

    def _open(self, args: Payload) -> Payload:
        user = str(args.get("users", ""))
        if user not in self._space.users:
            raise Refusal("user_not_found")
        if self._space.users[user].get("closed"):
            raise Refusal("cannot_dm_bot")
        known = next((c for c in self._space.channels.values() if c.other == user), None)
        if known is None:
            known = self._space.channel(self._space.name("D"), "", "im")
            known.other = user
        return {"channel": {"id": known.id}}

    def _history(self, args: Payload) -> Payload:
        channel = self._readable(args)
        # a thread's replies are told of by conversations.replies alone
        found = [m for m in channel.messages.values() if m.get("thread_ts", m["ts"]) == m["ts"]]
        return self._told(found, args)

    def _replies(self, args: Payload) -> Payload:
        channel = self._readable(args)
        root = str(args.get("ts", ""))
        if root not in channel.messages:
            raise Refusal("thread_not_found")
        thread = [m for m in channel.messages.values() if root in (m["ts"], m.get("thread_ts"))]
        return self._told(thread, args, newest_first=False)

    def _told(self, messages: list[Payload], args: Payload, *, newest_first: bool = True) -> Payload:
        oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9")
        inclusive = _flag(args.get("inclusive"))
        found = [m for m in messages if oldest < m["ts"] < latest or (inclusive and m["ts"] in (oldest, latest))]
        found.sort(key=lambda m: str(m["ts"]), reverse=newest_first)
        bare = found if _flag(args.get("include_all_metadata")) else [_without_metadata(m) for m in found]
        told = self._paged("messages", bare, args)
        return told | {"has_more": bool(told["response_metadata"]["next_cursor"])}

    def _post(self, args: Payload) -> Payload:
        channel = self._sendable(args)
        space = self._space
        kept = {name: args[name] for name in ("text", "blocks", "metadata") if args.get(name)}
        if args.get("thread_ts") and args["thread_ts"] not in channel.messages:
            raise Refusal("thread_not_found")
        author = {"user": space.bot_user, "bot_id": space.bot, "team": space.team}
        message = space.post(channel.id, author | kept, args.get("thread_ts"))
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _update(self, args: Payload) -> Payload:
        channel = self._sendable(args)
        message = self._space.message(channel.id, str(args.get("ts")))
        if message.get("bot_id") != self._space.bot:
            raise Refusal("cant_update_message")
        kept = {name: args[name] for name in ("text", "blocks", "metadata") if args.get(name)}
        edited = {"user": self._space.bot_user, "ts": self._space.ts()}
        channel.messages[message["ts"]] = message | {"blocks": []} | kept | {"edited": edited}
        return {"channel": channel.id, "ts": message["ts"], "text": args.get("text", "")}

    def _permalink(self, args: Payload) -> Payload:
        self._space.message(str(args.get("channel")), str(args.get("message_ts")))
        ts = str(args["message_ts"]).replace(".", "")
        return {"permalink": f"https://test.slack.com/archives/{args['channel']}/p{ts}"}

    def _react(self, args: Payload, *, present: bool) -> Payload:
        place = (str(args.get("channel")), str(args.get("timestamp")), str(args.get("name")))
        self._space.react(self._space.bot_user, *place, present=present)
        return {}

    def _view(self, args: Payload) -> Payload:
        until = self._space.triggers.pop(str(args.get("trigger_id")), None)
        if until is None:
            raise Refusal("invalid_trigger_id")
        if until < self._space.now():
            raise Refusal("expired_trigger_id")
        check_view(args["view"])
        view = named(args["view"]) | {"id": self._space.name("V"), "hash": "1", "team_id": self._space.team}
        self._space.views[view["id"]] = view
        return {"view": view}

    def _home(self, args: Payload) -> Payload:
        if args.get("user_id") not in self._space.users:
            raise Refusal("user_not_found")
        check_view(args["view"])
        self._space.homes[args["user_id"]] = args["view"]
        return {"view": args["view"] | {"id": self._space.name("V")}}

    def _upload(self, args: Payload) -> Payload:
        if not args.get("filename") or not int(args.get("length") or 0):
            raise Refusal("invalid_arguments")
        file = File(self._space.name("F"), patience=self._space.patience)
        self._space.files[file.id] = file
        return {"upload_url": self._upload_address(file.id), "file_id": file.id}

    def _uploaded(self, args: Payload) -> Payload:
        for one in args.get("files", []):
            file = self._space.files.get(one["id"])
            if file is None or not file.content:
                raise Refusal("file_not_found")
            file.complete = True
            if args.get("channel_id"):
                file.channel = self._channel({"channel": args["channel_id"]}).id
        return {"files": args["files"]}

    def check_files(self, blocks: list[Payload]) -> None:
        """Refuse pictures that were never uploaded, or that nobody has looked at yet."""
        for block in blocks:
            if block.get("type") == "image":
                file = self._space.files.get(block["slack_file"]["id"])
                if file is None or not file.complete or file.patience:
                    if file is not None:
                        file.patience = max(file.patience - 1, 0)
                    raise Refusal("invalid_blocks", errors=["invalid slack file"])

    def _channel(self, args: Payload) -> Channel:
        found = self._space.channels.get(str(args.get("channel")))
        if found is None or (not found.member and found.kind != "public"):
            raise Refusal("channel_not_found")
        return found

    def _readable(self, args: Payload) -> Channel:
        found = self._channel(args)
        if not found.member:
            raise Refusal("not_in_channel")
        return found

    def _sendable(self, args: Payload) -> Channel:
        found = self._readable(args)
        if found.flags.get("is_archived"):
            raise Refusal("is_archived")
        check_message(args)
        self.check_files(args.get("blocks") or [])
        return found

    def _paged(self, name: str, items: list[Any], args: Payload) -> Payload:
        start = int(args.get("cursor") or 0)
        size = min(int(args.get("limit") or PAGE), 1000)
        after = str(start + size) if start + size < len(items) else ""
        return {name: items[start : start + size], "response_metadata": {"next_cursor": after}}


def named(view: Payload) -> Payload:
    """A view in which every block has an id, as Slack gives one to those that have none."""
    blocks = [{"block_id": f"block{number}"} | block for number, block in enumerate(view["blocks"])]
    return view | {"blocks": blocks}


def _flag(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


def _without_metadata(message: Payload) -> Payload:
    return {name: value for name, value in message.items() if name != "metadata"}
