"""The server: starts and stops, counts requests, and fails on demand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.servers.discord.rest import Handler, Rest, answer, refusing
from tests.servers.discord.sessions import Gateway
from tests.servers.discord.world import World


@dataclass
class Fault:
    """What the next ``times`` requests meet whose ``METHOD path`` has ``where`` in it.

    ``status`` 0 cuts the connection, after the request was done if ``after`` is true. ``wait`` is a 429's,
    ``everywhere``: whether it holds for the whole account.
    """

    where: str
    status: int
    times: int = 1
    after: bool = False
    wait: float = 0.0
    everywhere: bool = False


@dataclass
class Limit:
    """How often something may be asked whose ``METHOD path`` has ``where`` in it.

    It is told with every answer, and is over ``seconds`` after the first of them. What comes too soon is refused.
    """

    where: str
    most: int
    seconds: float
    left: int = 0
    until: float = 0.0

    def taken(self, now: float) -> bool:
        """Whether one more may be asked."""
        if now >= self.until:
            self.left, self.until = self.most, now + self.seconds
        self.left -= 1
        return self.left >= 0

    def headers(self, now: float) -> dict[str, str]:
        """As Discord tells of it."""
        told = {"Bucket": self.where.replace("/", "") or "all", "Limit": self.most, "Remaining": max(self.left, 0)}
        told["Reset-After"] = f"{max(self.until - now, 0):.3f}"
        return {f"X-RateLimit-{name}": str(value) for name, value in told.items()}


@dataclass
class DiscordServer:
    """One platform. ``api_base`` and ``gateway_address`` are what a client is given."""

    world: World = field(default_factory=World)
    api_base: str = ""
    gateway_address: str = ""
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self.gateway = Gateway(self.world, self._changed.set)

    async def until(self, holds: Callable[[], object], seconds: float = 30) -> None:
        """Returns once it is so; looks again whenever a request was answered or a client came or went."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def listening(self) -> None:
        """Returns once a client listens."""
        await self.until(lambda: self.gateway.connected)

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["DiscordServer"]:
        """Serves while the block lasts."""
        application = web.Application(middlewares=[self._middleware(), refusing])
        api = web.Application(middlewares=[])
        api.add_routes(Rest(self.world).routes())
        application.add_subapp("/api/v10", api)
        application.add_routes([web.get("/gateway/", self.gateway.serve)])
        runner = web.AppRunner(application, shutdown_timeout=1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        host, found = runner.addresses[0][:2]
        self.api_base = f"http://{host}:{found}/api/v10"
        self.gateway_address = self.gateway.address = f"ws://{host}:{found}/gateway/"
        pump = asyncio.get_running_loop().create_task(self.gateway.pump())
        try:
            yield self
        finally:
            pump.cancel()
            await asyncio.wait({pump})
            await self.gateway.drop()
            await runner.cleanup()

    def _middleware(self) -> Callable[[web.Request, Handler], object]:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith("/api/"):
                return await handler(request)
            what = f"{request.method} {request.path.removeprefix('/api/v10')}"
            self.requests.append(what)
            try:
                return await self._answer(what, request, handler)
            finally:
                self._changed.set()

        return guard

    async def _answer(self, what: str, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = next((each for each in self.faults if each.where in what and each.times), None)
        if fault is not None:
            fault.times -= 1
            if fault.status:
                return _failure(fault)
            if fault.after:
                await handler(request)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        for_everybody = ("/api/v10/interactions/", "/api/v10/webhooks/")
        with_token = request.path.startswith(for_everybody) or request.path == "/api/v10/gateway"
        if not with_token and request.headers.get("Authorization") != f"Bot {self.world.token}":
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        limit = next((each for each in self.limits if each.where in what), None)
        if limit is None:
            return await handler(request)
        now = asyncio.get_running_loop().time()
        if not limit.taken(now):
            return _failure(Fault(what, 429, wait=limit.until - now))
        answered = await handler(request)
        answered.headers.update(limit.headers(now))
        return answered


def _failure(fault: Fault) -> web.Response:
    if fault.status != 429:
        return answer({"message": "in trouble", "code": 0}, fault.status)
    told = {"message": "You are being rate limited.", "retry_after": fault.wait, "global": fault.everywhere}
    # without Via the library takes it for a ban
    headers = {"Via": "1.1 google", "Retry-After": str(fault.wait), "X-RateLimit-Remaining": "0"}
    return answer(told, 429, headers | ({"X-RateLimit-Global": "true"} if fault.everywhere else {}))
