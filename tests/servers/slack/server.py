"""The server: HTTP and WebSockets before a workspace, and faults on demand."""

import asyncio
import contextlib
import json
import weakref
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate

from aiohttp import WSMsgType, web

from tests.servers.slack.deliveries import RETRIES, TIMEOUT, Deliveries
from tests.servers.slack.limits import check_message
from tests.servers.slack.people import People
from tests.servers.slack.state import Payload, Refusal, Workspace
from tests.servers.slack.web_api import WebApi

SCOPES = frozenset(
    {
        *(f"{kind}:read" for kind in ("channels", "groups", "mpim", "im", "users", "usergroups")),
        *(f"{kind}:history" for kind in ("channels", "groups", "mpim", "im")),
        *("chat:write", "files:write", "reactions:write", "im:write"),
    }
)
"""What the app was granted, unless a test says otherwise."""

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-test-1", "xapp-test-1", "signing-secret-1"
_MORE: dict[str, Payload] = {"invalid_blocks": {"response_metadata": {"messages": ["[ERROR] no more than 50 items"]}}}
"""What Slack says beside an error."""


class SlackServer(People):
    """One workspace with one app. ``faults``: answers that come instead, by method, each once.
    ``broken_tickets``: how many of the next sockets fail at their address, which is then used up.

    ``hopeless``: the fault that is always answered, by the person or channel that is asked about.

    A fault is ``("429", 30)``, another status alone such as ``("500", 0)``, ``("cut", 0)`` (answered by nothing,
    though it was done), ``("silence", 0)`` (nothing is ever answered), or an error's name.
    """

    def __init__(self, team: str = "T1", retries: tuple[float, ...] = RETRIES, timeout: float = TIMEOUT) -> None:
        self.space = Workspace(team)
        self.deliveries = Deliveries(self.space, SECRET, None, retries, timeout)
        self.bot_token, self.app_token, self.secret = BOT_TOKEN, APP_TOKEN, SECRET
        self.scopes = SCOPES
        self.revoked = False
        self.broken_tickets = 0
        self.calls: list[tuple[str, Payload]] = []
        self.faults: dict[str, deque[tuple[str, int]]] = {}
        self.hopeless: dict[str, str] = {}
        self.base = ""
        self._api = WebApi(self.space, self._socket_address, lambda file: f"{self.base}/upload/{file}")
        self._tickets: set[str] = set()
        self._changed = asyncio.Event()
        self._transports: weakref.WeakKeyDictionary[web.WebSocketResponse, asyncio.Transport] = (
            weakref.WeakKeyDictionary()
        )

    @property
    def api_base(self) -> str:
        """What the app is given as the Web API's address."""
        return f"{self.base}/api/"

    def fail(self, method: str, fault: str, seconds: int = 0, times: int = 1) -> None:
        """Let the next calls of a method fail."""
        self.faults.setdefault(method, deque()).extend([(fault, seconds)] * times)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator["SlackServer"]:
        """Serve while the block lasts."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/link/", self._socket)
        app.router.add_post("/response/{name}", self._respond)
        app.router.add_post("/upload/{file}", self._receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        delivering = asyncio.get_running_loop().create_task(self.deliveries.run())
        try:
            yield self
        finally:
            delivering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await delivering
            await runner.cleanup()

    async def until(self, holds: Callable[[], object], seconds: float = 30) -> None:
        """Returns once it is so; looks again when the app has called a method, answered somebody or opened a socket."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    # ---- the connection ---------------------------------------------------------------------------------------------

    def break_sockets(self) -> None:
        """Every socket breaks without a word."""
        for socket in tuple(self.deliveries.sockets):
            self.deliveries.closed(socket)
            self._transports[socket].abort()

    async def refresh(self) -> None:
        """Slack asks the app to connect anew, as it does every few hours."""
        for socket in tuple(self.deliveries.sockets):
            self.deliveries.sockets.remove(socket)
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    # ---- the other side of the sockets ------------------------------------------------------------------------------

    def _socket_address(self) -> str:
        ticket = self.space.name("ticket")
        self._tickets.add(ticket)
        return f"{self.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id=A1"

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        args = await _arguments(request)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", "")
        self.calls.append((method, args))
        self._changed.set()
        fault, seconds = self.faults[method].popleft() if self.faults.get(method) else ("", 0)
        if method.endswith(".info"):
            fault = self.hopeless.get(args.get("user") or args.get("channel") or "", fault)
        if fault == "429":
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
            )
        if fault == "silence":
            await asyncio.Event().wait()
        if fault.isdecimal():
            return web.Response(status=int(fault), text="<h1>No</h1>", content_type="text/html")
        refused = {"ok": False, "error": fault} | _MORE.get(fault, {})
        answer = refused if fault not in ("", "cut") else self._answer(method, args, bearer)
        if fault == "cut" and request.transport is not None:
            request.transport.close()
        self._changed.set()
        date = formatdate(self.space.now(), usegmt=True)
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes)), "Date": date})

    def _answer(self, method: str, args: Payload, bearer: str) -> Payload:
        try:
            if self.revoked:
                raise Refusal("token_revoked")
            if bearer != (self.app_token if method == "apps.connections.open" else self.bot_token):
                raise Refusal("invalid_auth")
            if method not in self._api.methods:
                raise Refusal("unknown_method")
            missing = self._api.needed(method, args) - self.scopes
            if missing:
                raise Refusal("missing_scope", needed=",".join(sorted(missing)))
            return {"ok": True} | self._api.methods[method](args)
        except Refusal as refusal:
            return {"ok": False, "error": refusal.error} | refusal.more

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404)
        self._tickets.discard(ticket)
        if self.broken_tickets:
            self.broken_tickets -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if request.transport is not None:
            self._transports[socket] = request.transport
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}, "debug_info": {}}
        await socket.send_json(hello)
        self.deliveries.opened(socket)
        self._changed.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self.deliveries.acknowledged(json.loads(message.data))
        finally:
            self.deliveries.closed(socket)
        return socket

    async def _receive(self, request: web.Request) -> web.Response:
        file = self.space.files.get(request.match_info["file"])
        if file is None:
            return web.Response(status=404)
        fault, _ = self.faults["upload"].popleft() if self.faults.get("upload") else ("", 0)
        if fault == "500":
            return web.Response(status=500)
        file.content = await request.read()
        return web.Response(text=f"OK - {len(file.content)}")

    async def _respond(self, request: web.Request) -> web.Response:
        address = self.space.addresses.get(request.match_info["name"])
        answer = await request.json()
        fault, _ = self.faults["response"].popleft() if self.faults.get("response") else ("", 0)
        if fault == "500":
            return web.Response(status=500)
        if address is None or address.until < self.space.now():
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if address.left == 0:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        try:
            check_message(answer)
            self._api.check_files(answer.get("blocks") or [])
        except Refusal as refusal:
            return web.json_response({"ok": False, "error": refusal.error}, status=400)
        address.left -= 1
        address.answers.append(answer)
        self._changed.set()
        return web.json_response({"ok": True})


async def _arguments(request: web.Request) -> Payload:
    """Arguments as query, form or JSON; values that are JSON by their nature are read."""
    args: Payload = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.can_read_body:
        args |= dict(await request.post())
    for name in ("blocks", "metadata", "view", "files"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args
