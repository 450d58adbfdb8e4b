"""The two ways in which Slack reaches us: Socket Mode, and requests over HTTP, read by bolt once they are verified."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Me, bolt_log, sdk_log
from adapters.slack.config import SlackConfig
from adapters.slack.desk import Desk
from adapters.slack.socket import Socket

PATH: Final = "/slack/events"
LARGEST: Final = 4 * 2**20
"""Bytes of one request."""
MOST_DIGITS: Final = 12
"""Of the second at which a request was signed."""
LATEST: Final = 2.8
"""Seconds after which a request that is not answered yet is refused: Slack, which waits for three, asks again."""
GOODBYE: Final = 3.0
"""Seconds in which what is being answered may still be, when we stop."""


class _Workspace(AsyncAuthorize):
    """Whom bolt works for: always the same, so nothing is asked."""

    def __init__(self, config: SlackConfig, me: Me) -> None:
        self._known = AuthorizeResult(
            enterprise_id=None, team_id=me.team, bot_user_id=me.user, bot_id=me.bot, bot_token=config.bot_token
        )

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        return self._known


class _Door(AsyncMiddleware):
    """The last step: the desk answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - as bolt names it
    ) -> BoltResponse:
        """Answer; nothing comes after it."""
        answer = await self._desk.hear(req.body)
        if answer is None:
            return BoltResponse(status=503)
        return BoltResponse(status=200, body=dict(answer) if answer else "")


def _bolt(config: SlackConfig, me: Me, client: AsyncWebClient, desk: Desk) -> AsyncApp:
    """Bolt with everything handled in one place, and answered only after that."""
    app = AsyncApp(
        name="parley",
        logger=bolt_log(),
        client=AsyncWebClient(base_url=client.base_url, retry_handlers=[], logger=sdk_log()),
        signing_secret=config.signing_secret,
        authorize=_Workspace(config, me),
        process_before_response=True,
        # our own events are skipped where they are parsed: a deletion of ours must not hide somebody else's
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        # bolt reads a body before it looks at the signature
        request_verification_enabled=False,
    )
    app.use(_Door(desk))
    return app


class SocketTransport:
    """Socket Mode. ``wait``: lets seconds pass.

    ``heard``: set once the first connection is there.
    ``lost``: called when a connection is there again, before anything that comes over it.
    """

    def __init__(
        self,
        config: SlackConfig,
        desk: Desk,
        client: AsyncWebClient,
        wait: Callable[[float], Awaitable[None]],
        heard: asyncio.Event,
        lost: Callable[[], None],
    ) -> None:
        self._config = config
        self._desk = desk
        self._web = client
        self._wait = wait
        self._heard = heard
        self._lost = lost
        self._socket: Socket | None = None
        self._answering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Connect, and stay connected until cancelled."""
        self._socket = Socket(self._config, self._web, self._wait)
        self._socket.message_listeners.append(self._hear)
        self._socket.socket_mode_request_listeners.append(self._answer)
        watching = asyncio.ensure_future(self._socket.watch())
        try:
            await self._socket.connect()  # type: ignore[no-untyped-call]
            await watching
        finally:
            watching.cancel()

    async def stop(self) -> None:
        """Let what was accepted be acknowledged, then close."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=GOODBYE)
        if self._socket is not None:
            await self._socket.end()

    async def _hear(self, client: AsyncBaseSocketModeClient, message: dict[str, object], raw: str | None) -> None:
        """Each connection begins with a hello; every one but the first follows a lost one."""
        if message.get("type") == "hello":
            if self._heard.is_set():
                self._lost()
            self._heard.set()

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        answer = await self._desk.hear(request.payload)
        if answer is not None:
            response = SocketModeResponse(request.envelope_id, dict(answer) or None)
            await client.send_socket_mode_response(response)


class HttpTransport:
    """Signed requests. A request whose signature is forged or older than five minutes gets 401 and has no effect."""

    def __init__(self, config: SlackConfig, me: Me, client: AsyncWebClient, desk: Desk) -> None:
        self._config = config
        self._app = _bolt(config, me, client, desk)
        self._verifier = SignatureVerifier(config.signing_secret)
        self._runner: web.AppRunner | None = None

    async def run(self) -> None:
        """Listen until cancelled."""
        server = web.Application(client_max_size=LARGEST)
        server.router.add_post(PATH, self._answer)
        # what is said to be packed is not unpacked before it is verified: Slack packs nothing
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=GOODBYE, auto_decompress=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._config.host, self._config.port).start()
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Finish what is being answered, then close."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        raw = await request.read()
        if not self._is_genuine(request, raw):
            return web.Response(status=401)
        try:
            asked = AsyncBoltRequest(body=raw.decode(), query=request.query_string, headers=dict(request.headers))
        except (ValueError, AttributeError, TypeError, LookupError, RecursionError):
            return web.Response(status=400)
        try:
            async with asyncio.timeout(LATEST):
                return await to_aiohttp_response(await self._app.async_dispatch(asked))
        except TimeoutError:
            return web.Response(status=503)

    def _is_genuine(self, request: web.Request, raw: bytes) -> bool:
        """Whether Slack signed it, of late. The SDK's verifier raises at what is no number and no text."""
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= MOST_DIGITS and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(raw, stamp, signature)
        except UnicodeDecodeError:
            return False


Transports = SocketTransport | HttpTransport
