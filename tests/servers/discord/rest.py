"""Discord's HTTP interface, as far as bots like ours use it."""

import json
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from aiohttp import web

from tests.servers.discord.rules import Refuses, check_choices, check_commands, check_message, check_modal, need
from tests.servers.discord.state import (
    ATTACH,
    FORUM,
    HISTORY,
    REACT,
    ROLES,
    SEND,
    THREAD_SEND,
    THREADS,
    VIEW,
    Interaction,
    Json,
)
from tests.servers.discord.world import World

Handler = Callable[[web.Request], Awaitable[web.Response]]
EPHEMERAL = 1 << 6


def answer(data: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON whose content type has no charset: the library takes any other for text."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


class Rest:
    """Every route."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        channel, message = "/channels/{channel}", "/channels/{channel}/messages/{message}"
        reaction = f"{message}/reactions/{{emoji}}/@me"
        commands, webhook = "/applications/{application}/commands", "/webhooks/{application}/{token}"
        return [
            web.get("/gateway", self.gateway),
            web.get("/gateway/bot", self.gateway),
            web.get("/users/@me", self.me),
            web.get("/users/@me/guilds", self.my_guilds),
            web.post("/users/@me/channels", self.open_direct),
            web.get("/oauth2/applications/@me", self.my_application),
            web.get("/guilds/{guild}", self.guild),
            web.get("/guilds/{guild}/channels", self.guild_channels),
            web.get("/guilds/{guild}/threads/active", self.active_threads),
            web.get("/guilds/{guild}/members/{user}", self.member),
            web.put("/guilds/{guild}/members/{user}/roles/{role}", self.grant),
            web.delete("/guilds/{guild}/members/{user}/roles/{role}", self.grant),
            web.post(f"{message}/threads", self.open_thread),
            web.get(channel, self.channel),
            web.get(f"{channel}/threads/archived/public", self.archived_threads),
            web.get(f"{channel}/messages", self.messages),
            web.post(f"{channel}/messages", self.post),
            web.patch(message, self.edit),
            web.put(reaction, self.add_reaction),
            web.delete(reaction, self.remove_reaction),
            web.get(commands, self.get_commands),
            web.put(commands, self.put_commands),
            web.post("/interactions/{interaction}/{token}/callback", self.callback),
            web.post(webhook, self.follow_up),
            web.patch(f"{webhook}/messages/@original", self.fill_original),
        ]

    # ---- who and where -------------------------------------------------------------------------------------------

    async def me(self, request: web.Request) -> web.Response:
        return answer(self.world.users[self.world.bot])

    async def my_application(self, request: web.Request) -> web.Response:
        owner = {"id": "1", "username": "owner", "discriminator": "0", "avatar": None}
        told = {"id": self.world.application, "name": "Parley", "description": "", "icon": None, "owner": owner}
        return answer(
            {**told, "bot_public": True, "bot_require_code_grant": False, "verify_key": "", "flags": self.world.flags}
        )

    async def gateway(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        date = formatdate(self.world.now(), usegmt=True)
        return answer(
            {"url": "wss://gateway.discord.gg", "shards": self.world.shards, "session_start_limit": limit},
            headers={"Date": date},
        )

    async def my_guilds(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        later = [guild for guild in self.world.guilds.values() if int(guild["id"]) > after]
        return answer(
            [{"id": g["id"], "name": g["name"], "permissions": str(self.world.bot_holds(g["id"]))} for g in later]
        )

    async def guild(self, request: web.Request) -> web.Response:
        return answer(self._guild(request))

    async def guild_channels(self, request: web.Request) -> web.Response:
        payload = self.world.guild_payload(self._guild(request)["id"])
        return answer(payload["channels"])

    async def active_threads(self, request: web.Request) -> web.Response:
        payload = self.world.guild_payload(self._guild(request)["id"])
        return answer({"threads": payload["threads"], "members": []})

    async def member(self, request: web.Request) -> web.Response:
        user = request.match_info["user"]
        member = self.world.members.get((self._guild(request)["id"], user))
        need(member, "Unknown Member", 10007, 404)
        return answer({**(member or {}), "user": self.world.users[user]})

    async def grant(self, request: web.Request) -> web.Response:
        guild, user, role = self._guild(request), request.match_info["user"], request.match_info["role"]
        member = self.world.members.get((guild["id"], user))
        need(member, "Unknown Member", 10007, 404)
        need(role in {each["id"] for each in guild["roles"]}, "Unknown Role", 10011, 404)
        need(bool(self.world.bot_holds(guild["id"]) & ROLES), "Missing Permissions", 50013, 403)
        (position,) = [each["position"] for each in guild["roles"] if each["id"] == role]
        need(position <= 1, "Missing Permissions", 50013, 403)
        assert member is not None
        roles = [each for each in member["roles"] if each != role] + ([role] if request.method == "PUT" else [])
        self.world.change_member(guild["id"], user, roles=roles)
        return web.Response(status=204)

    async def channel(self, request: web.Request) -> web.Response:
        found = self._channel(request)
        recipient = found.get("recipient")
        return answer({**found, "recipients": [self.world.users[recipient]]} if recipient else found)

    async def archived_threads(self, request: web.Request) -> web.Response:
        parent = self._channel(request)
        resting = [
            each
            for each in self.world.channels.values()
            if each.get("parent_id") == parent["id"]
            and each.get("thread_metadata", {}).get("archived")
            and each["type"] != 12
        ]
        resting.sort(key=lambda each: str(each["thread_metadata"]["archive_timestamp"]), reverse=True)
        before = request.query.get("before")
        if before:
            resting = [each for each in resting if each["thread_metadata"]["archive_timestamp"] < before]
        limit = int(request.query.get("limit", "50"))
        return answer({"threads": resting[:limit], "members": [], "has_more": len(resting) > limit})

    # ---- messages ------------------------------------------------------------------------------------------------

    async def messages(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        need(channel["type"] != FORUM, "Cannot execute action on this channel type", 50024)
        limit, after = int(request.query.get("limit", "50")), int(request.query.get("after", "0"))
        need(1 <= limit <= 100, "limit")
        found = [each for each in self.world.messages[channel["id"]].values() if int(each["id"]) > after]
        found.sort(key=lambda each: int(each["id"]))
        return answer(list(reversed(found[:limit])))

    async def post(self, request: web.Request) -> web.Response:
        channel, (body, files) = self._channel(request), await _read(request)
        need(channel["type"] != FORUM, "Cannot send messages in a non-text channel", 50008)
        sending = THREAD_SEND if "thread_metadata" in channel else SEND
        self._check_may(channel["id"], sending, *((ATTACH,) if files else ()))
        need(channel["id"] not in self.world.mute, "Missing Permissions", 50013, 403)
        need(channel.get("recipient") not in self.world.closed_direct, "Cannot send messages to this user", 50007, 403)
        check_message(body, tuple(files))
        nonce = body.get("nonce")
        known = self.world.nonces.get((channel["id"], str(nonce))) if nonce and body.get("enforce_nonce") else None
        if known is not None and known in self.world.messages[channel["id"]]:
            return answer(self.world.messages[channel["id"]][known])
        kept = ("content", "components", "flags", "message_reference", "nonce", "attachments")
        message = self.world.put(self.world.bot, channel["id"], {name: body[name] for name in kept if name in body})
        self._note_pings(body, message)
        self.world.files |= {f"{message['id']}/{name}": content for name, content in files.items()}
        if nonce:
            self.world.nonces[channel["id"], str(nonce)] = message["id"]
        return answer({**message, "nonce": nonce} if nonce else message)

    async def edit(self, request: web.Request) -> web.Response:
        message, (body, files) = self._message(request), await _read(request)
        self._check_may(message["channel_id"], *((ATTACH,) if files else ()))
        need(message["author"]["id"] == self.world.bot, "Cannot edit a message authored by another user", 50005, 403)
        check_message(body, tuple(files))
        message.update({name: body[name] for name in ("content", "components", "flags", "attachments") if name in body})
        self.world.files |= {f"{message['id']}/{name}": content for name, content in files.items()}
        message["edited_timestamp"] = self.world.moment()
        self._note_pings(body, message)
        self.world.tell("MESSAGE_UPDATE", self.world.told(message))
        return answer(message)

    async def add_reaction(self, request: web.Request) -> web.Response:
        message, emoji = self._message(request), request.match_info["emoji"]
        self._check_emoji(message["channel_id"], emoji)
        there = self.world.reactions.get((message["channel_id"], message["id"]), {}).get(emoji)
        self._check_may(message["channel_id"], HISTORY, *(() if there else (REACT,)))
        self.world.react(self.world.bot, message["channel_id"], message["id"], emoji)
        return web.Response(status=204)

    async def remove_reaction(self, request: web.Request) -> web.Response:
        message, emoji = self._message(request), request.match_info["emoji"]
        was_there = self.world.unreact(self.world.bot, message["channel_id"], message["id"], emoji)
        need(was_there, "Unknown Emoji", 10014)
        return web.Response(status=204)

    async def open_direct(self, request: web.Request) -> web.Response:
        user = str((await request.json())["recipient_id"])
        need(user in self.world.users, "Unknown User", 10013, 404)
        return answer(self.world.channels[self.world.direct(user)])

    async def open_thread(self, request: web.Request) -> web.Response:
        message, body = self._message(request), await request.json()
        channel = self.world.channels[message["channel_id"]]
        need(1 <= len(body["name"]) <= 100, "name")
        need("thread_metadata" not in channel, "Cannot execute action on this channel type", 50024)
        need(self.world.bot_may(channel["id"], THREADS), "Missing Permissions", 50013, 403)
        there = message["id"] in self.world.channels
        need(not there, "A thread has already been created for this message", 160004)
        return answer(self.world.channels[self.world.thread(channel["id"], body["name"], message["id"])], 201)

    # ---- commands and what people ask ----------------------------------------------------------------------------

    async def get_commands(self, request: web.Request) -> web.Response:
        return answer(self.world.commands)

    async def put_commands(self, request: web.Request) -> web.Response:
        commands = await request.json()
        check_commands(commands)
        made = {"application_id": self.world.application, "version": "1", "default_member_permissions": None}
        self.world.commands = [{**each, **made, "id": self.world.snowflake()} for each in commands]
        return answer(self.world.commands)

    async def callback(self, request: web.Request) -> web.Response:
        asked = self.world.interactions.get(request.match_info["interaction"])
        known = asked is not None and asked.token == request.match_info["token"]
        need(known, "Unknown interaction", 10062, 404)
        assert asked is not None
        need(asked.acknowledged is None, "Interaction has already been acknowledged.", 40060)
        need(self.world.now() - asked.made <= 3, "Unknown interaction", 10062, 404)
        body = await request.json()
        data = body.get("data") or {}
        match body["type"]:
            case 4:
                check_message(data)
                asked.answers.append(data)
            case 5:
                need(asked.type != 4, "type")
            case 6:
                need(asked.type in (3, 5), "only a component can be left as it is")
            case 8:
                need(asked.type == 4, "only an option can be completed")
                check_choices(data)
            case 9:
                need(asked.type in (2, 3), "a form can't open a form")
                check_modal(data)
            case _:
                need(False, "type")
        asked.acknowledged = body
        return web.Response(status=204)

    async def follow_up(self, request: web.Request) -> web.Response:
        asked, (body, files) = self._asked(request), await _read(request)
        check_message(body, tuple(files))
        if (asked.acknowledged or {}).get("type") == 5 and not asked.answers:
            body["flags"] = body.get("flags", 0) | asked.acknowledged["data"].get("flags", 0)  # type: ignore[index]
        return answer(self._answered(asked, body, files))

    async def fill_original(self, request: web.Request) -> web.Response:
        asked, (body, files) = self._asked(request), await _read(request)
        need((asked.acknowledged or {}).get("type") in (4, 5), "Unknown Message", 10008, 404)
        check_message(body, tuple(files))
        flags = body.get("flags", 0) | (asked.acknowledged or {}).get("data", {}).get("flags", 0)
        if asked.answers:
            asked.answers[0].update({**body, "flags": flags})
            return answer(asked.answers[0])
        return answer(self._answered(asked, {**body, "flags": flags}, files))

    def _answered(self, asked: Interaction, body: Json, files: dict[str, bytes]) -> Json:
        message = {"id": self.world.snowflake(), "channel_id": asked.channel, **body}
        self.world.files |= {f"{message['id']}/{name}": content for name, content in files.items()}
        asked.answers.append(message)
        return message

    def _asked(self, request: web.Request) -> Interaction:
        token = request.match_info["token"]
        asked = next((each for each in self.world.interactions.values() if each.token == token), None)
        need(asked is not None and asked.acknowledged is not None, "Unknown Webhook", 10015, 404)
        assert asked is not None
        need(self.world.now() - asked.made <= 15 * 60, "Invalid Webhook Token", 50027, 401)
        need(request.match_info["application"] == self.world.application, "Unknown Webhook", 10015, 404)
        return asked

    # ---- finding -------------------------------------------------------------------------------------------------

    def _guild(self, request: web.Request) -> Json:
        guild = self.world.guilds.get(request.match_info["guild"])
        need(guild, "Unknown Guild", 10004, 404)
        return guild or {}

    def _channel(self, request: web.Request) -> Json:
        found = request.match_info["channel"]
        need(found.isdecimal(), "not snowflake")
        channel = self.world.channels.get(found)
        need(channel, "Unknown Channel", 10003, 404)
        return channel or {}

    def _message(self, request: web.Request) -> Json:
        found = request.match_info["message"]
        need(found.isdecimal(), "not snowflake")
        message = self.world.messages[self._channel(request)["id"]].get(found)
        need(message, "Unknown Message", 10008, 404)
        return message or {}

    def _check_may(self, channel: str, *needed: int) -> None:
        """The bot sees the channel, and may do all of that in it."""
        need(self.world.bot_may(channel, VIEW), "Missing Access", 50001, 403)
        for each in needed:
            need(self.world.bot_may(channel, each), "Missing Permissions", 50013, 403)

    def _check_emoji(self, channel: str, emoji: str) -> None:
        _, _, own = emoji.partition(":")
        guild = self.world.guilds.get(self.world.channels[channel].get("guild_id", ""), {"emojis": []})
        known = own in {each["id"] for each in guild["emojis"]}
        need(known or (not emoji.isascii() and not own), "Unknown Emoji", 10014)

    def _note_pings(self, body: Json, message: Json) -> None:
        """Whoever would be pinged: everybody, unless the bot says that it pings nobody."""
        if body.get("allowed_mentions", {}).get("parse") != []:
            self.world.pings.append(message["id"])


async def _read(request: web.Request) -> tuple[Json, dict[str, bytes]]:
    """What is to be shown, and the files that come with it."""
    if not request.content_type.startswith("multipart/"):
        return await request.json(), {}
    form = await request.post()
    files = [form[f"files[{number}]"] for number in range(len(form) - 1)]
    read = {str(each.filename): each.file.read() for each in files if isinstance(each, web.FileField)}
    return json.loads(str(form["payload_json"])), read


@web.middleware
async def refusing(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What is refused, as Discord says it."""
    try:
        return await handler(request)
    except Refuses as refused:
        return answer({"message": str(refused), "code": refused.code}, refused.status)
    except web.HTTPNotFound:
        return answer({"message": "404: Not Found", "code": 0}, 404)
