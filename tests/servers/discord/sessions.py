"""Discord's gateway: sessions that outlive their sockets, numbered events, and what each session may hear."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.discord.state import Json
from tests.servers.discord.world import World

GUILDS, MEMBERS, EMOJI, MESSAGES, REACTIONS, DIRECT, CONTENT = (1 << bit for bit in (0, 1, 3, 9, 10, 12, 15))
_NEEDS = {
    "MESSAGE_REACTION": REACTIONS,
    "MESSAGE": MESSAGES,
    "GUILD_MEMBER": MEMBERS,
    "GUILD_EMOJIS": EMOJI,
    "GUILD": GUILDS,
    "CHANNEL": GUILDS,
    "THREAD": GUILDS,
}


def shard_of(guild: str | None, count: int) -> int:
    """The shard that hears of a server; of what is in none, the first."""
    return 0 if guild is None else (int(guild) >> 22) % count


class Socket:
    """One connection; what goes out is one compressed stream if the client asked for that."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self._stream = zlib.compressobj() if compressed else None
        self._sending = asyncio.Lock()

    async def send(self, frame: Json) -> None:
        async with self._sending:
            if self.socket.closed:
                return
            text = json.dumps(frame)
            if self._stream is None:
                await self.socket.send_str(text)
            else:
                data = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)


@dataclass
class Session:
    """What one client has been told. ``socket`` is None while nobody is connected to it."""

    id: str
    intents: int
    shard: tuple[int, int]
    events: list[Json] = field(default_factory=list)
    socket: Socket | None = None


class Gateway:
    """Tells sessions what happens."""

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.address = ""
        self.refused_intents = 0
        self.identified: list[Json] = []
        self.resumed = 0
        self.held_back: set[str] | None = None
        self._changed = changed
        self._outbox: asyncio.Queue[tuple[Socket, Json]] = asyncio.Queue()
        world.tell = self.tell

    @property
    def connected(self) -> bool:
        """Whether a client listens."""
        return any(session.socket is not None for session in self.sessions.values())

    def tell(self, name: str, payload: Json) -> None:
        """Something happened: every session with the intent for it is told, in order."""
        needed = next((intent for start, intent in _NEEDS.items() if name.startswith(start)), 0)
        guild = payload.get("guild_id") or (payload["id"] if name.startswith("GUILD") else None)
        if guild is None and name.startswith("MESSAGE"):
            needed = DIRECT
        if name == "GUILD_MEMBER_UPDATE" and payload["user"]["id"] == self.world.bot:
            needed = GUILDS
        for session in self.sessions.values():
            if session.intents & needed == needed and shard_of(guild, session.shard[1]) == session.shard[0]:
                self._queue(session, name, self._shown(session, name, payload))

    def raw(self, name: str, payload: object) -> None:
        """Tell anything, right or wrong."""
        for session in self.sessions.values():
            self._queue(session, name, payload)

    async def pump(self) -> None:
        """Sends what is queued, until cancelled."""
        while True:
            socket, frame = await self._outbox.get()
            await socket.send(frame)

    async def drop(self, *, resumable: bool = True, shard: int | None = None) -> None:
        """Cut every connection, or those of a shard; ``resumable``: whether the sessions live on."""
        cut = [session for session in self.sessions.values() if shard is None or session.shard[0] == shard]
        sockets = [session.socket for session in cut if session.socket is not None]
        for session in cut:
            session.socket = None
            if not resumable:
                del self.sessions[session.id]
        for socket in sockets:
            await socket.socket.close(code=4000)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        plain = web.WebSocketResponse()
        await plain.prepare(request)
        socket = Socket(plain, compressed=request.query.get("compress") == "zlib-stream")
        await socket.send({"op": 10, "d": {"heartbeat_interval": 41_250}, "s": None, "t": None})
        session: Session | None = None
        async for message in plain:
            if message.type is not WSMsgType.TEXT:
                break
            frame = json.loads(message.data)
            match frame["op"]:
                case 1:
                    await socket.send({"op": 11, "d": None, "s": None, "t": None})
                case 2:
                    session = await self._identify(socket, frame["d"])
                case 6:
                    session = await self._resume(socket, frame["d"])
        if session is not None and session.socket is socket:
            session.socket = None
            self._changed()
        return plain

    async def _identify(self, socket: Socket, data: Json) -> Session | None:
        if data["token"] != self.world.token:
            await socket.socket.close(code=4004)
            return None
        if data["intents"] & self.refused_intents:
            await socket.socket.close(code=4014)
            return None
        number, count = data.get("shard") or (0, 1)
        if not 0 <= number < count:
            await socket.socket.close(code=4010)
            return None
        self.identified.append(data)
        session = Session(f"session-{len(self.identified)}", data["intents"], (number, count), socket=socket)
        others = [each for each in self.sessions.values() if each.shard[1] == count and each.shard[0] != number]
        self.sessions = {each.id: each for each in (*others, session)}
        guilds = [guild for guild in self.world.guilds if shard_of(guild, count) == number]
        ready = {
            "v": 10,
            "user": self.world.users[self.world.bot],
            "guilds": [{"id": guild, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "shard": [number, count],
            "application": {"id": self.world.application, "flags": 0},
        }
        self._queue(session, "READY", ready)
        for guild in guilds:
            if self.held_back is None:
                self._queue(session, "GUILD_CREATE", self.world.guild_payload(guild))
            else:
                self.held_back.add(guild)
        self._changed()
        return session

    def hold_back(self) -> None:
        """Servers that are named when a client connects don't come, until :meth:`let_come`."""
        self.held_back = set()

    def let_come(self) -> None:
        """Those that were held back come."""
        came, self.held_back = self.held_back or set(), None
        for guild in sorted(came):
            self.tell("GUILD_CREATE", self.world.guild_payload(guild))

    async def _resume(self, socket: Socket, data: Json) -> Session | None:
        session = self.sessions.get(data["session_id"] or "")
        if session is None or data["token"] != self.world.token:
            await socket.send({"op": 9, "d": False, "s": None, "t": None})
            return None
        session.socket = socket
        self.resumed += 1
        for event in session.events:
            if event["s"] > data["seq"]:
                self._outbox.put_nowait((socket, event))
        self._queue(session, "RESUMED", {})
        self._changed()
        return session

    def _queue(self, session: Session, name: str, payload: object) -> None:
        # written down now: what changes later must not change what was told
        frame = json.loads(json.dumps({"op": 0, "t": name, "s": len(session.events) + 1, "d": payload}))
        session.events.append(frame)
        if session.socket is not None:
            self._outbox.put_nowait((session.socket, frame))

    def _shown(self, session: Session, name: str, payload: Json) -> Json:
        """Without the intent for it, only what mentions the bot has a content."""
        told = name in ("MESSAGE_CREATE", "MESSAGE_UPDATE")
        if not told or session.intents & CONTENT or "guild_id" not in payload:
            return payload
        mine = payload["author"]["id"] == self.world.bot
        if mine or any(user["id"] == self.world.bot for user in payload["mentions"]):
            return payload
        hidden: dict[str, Any] = {"content": "", "attachments": [], "embeds": [], "components": []}
        return {**payload, **hidden}
