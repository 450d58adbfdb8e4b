"""How the app hears: Socket Mode envelopes or signed HTTP requests; what isn't acknowledged is delivered again."""

import asyncio
import contextlib
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.servers.slack.state import Payload, Workspace

TIMEOUT = 3.0
"""Seconds in which a delivery must be answered."""
RETRIES = (0.0, 60.0, 300.0)
"""Seconds before an event is delivered again."""


@dataclass
class Delivery:
    """Something the app is to hear. ``answer``: what it acknowledged with, or None where it did not."""

    kind: str
    payload: Payload
    tries: int = 0
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def answered(self, answer: Any) -> None:
        """Only the first answer counts."""
        if not self.answer.done():
            self.answer.set_result(answer)


class Deliveries:
    """One queue, in order. ``url``: where signed requests go; without it, the sockets that are open."""

    def __init__(
        self,
        space: Workspace,
        secret: str,
        url: str | None = None,
        retries: tuple[float, ...] = RETRIES,
        timeout: float = TIMEOUT,
    ) -> None:
        self.url = url
        self.sockets: list[web.WebSocketResponse] = []
        self.sent: list[tuple[str, dict[str, str], str]] = []
        self._space = space
        self._secret = secret
        self._retries = retries
        self._timeout = timeout
        self._waiting: deque[Delivery] = deque()
        self._open: dict[str, tuple[web.WebSocketResponse, Delivery]] = {}
        self._arrived = asyncio.Event()
        self._timers: list[asyncio.TimerHandle] = []
        self._idle = asyncio.Event()
        space.tell = self.tell

    def tell(self, event: Payload) -> None:
        """An event happens; it is delivered until it is acknowledged."""
        outer = {"type": "event_callback", "team_id": self._space.team, "api_app_id": "A1", "event": dict(event)}
        authorized = {"team_id": self._space.team, "user_id": self._space.bot_user, "is_bot": True}
        outer |= {
            "event_id": self._space.name("Ev"),
            "event_time": int(self._space.now()),
            "authorizations": [authorized],
        }
        self.deliver(Delivery("events_api", outer))

    def deliver(self, delivery: Delivery, *, again: bool = False) -> None:
        """Queue it; ``again``: before everything else, as it was first."""
        (self._waiting.appendleft if again else self._waiting.append)(delivery)
        self._arrived.set()

    async def ask(self, kind: str, payload: Payload) -> Any:
        """An interaction: what the app answers at once, or None where it answers nothing in time."""
        delivery = Delivery(kind, payload)
        self.deliver(delivery)
        try:
            return await asyncio.wait_for(asyncio.shield(delivery.answer), self._timeout)
        except TimeoutError:
            return None

    async def settled(self) -> None:
        """Everything queued was acknowledged."""
        while self._waiting or self._open:
            self._idle.clear()
            await self._idle.wait()

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout)) as session:
                while True:
                    await self._arrived.wait()
                    if not self._waiting or (self.url is None and not self.sockets):
                        self._arrived.clear()
                        continue
                    await self._pass(self._waiting.popleft(), session)
        finally:
            for timer in self._timers:
                timer.cancel()

    async def _pass(self, delivery: Delivery, session: aiohttp.ClientSession) -> None:
        if self.url is not None:
            await self._post(delivery, session, self.url)
        else:
            await self._push(delivery, self.sockets[-1])
        if not self._waiting and not self._open:
            self._idle.set()

    # ---- signed requests --------------------------------------------------------------------------------------------

    def signed(self, body: str, at: int | None = None, secret: str | None = None) -> dict[str, str]:
        """The headers of a request with this body."""
        stamp = str(at if at is not None else int(self._space.now()))
        mac = hmac.new((secret or self._secret).encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}

    async def _post(self, delivery: Delivery, session: aiohttp.ClientSession, url: str) -> None:
        kinds = {"events_api": "application/json"}
        body = _body(delivery)
        headers = self.signed(body) | {"Content-Type": kinds.get(delivery.kind, "application/x-www-form-urlencoded")}
        if delivery.tries:
            headers |= {"X-Slack-Retry-Num": str(delivery.tries), "X-Slack-Retry-Reason": "http_error"}
        self.sent.append((url, headers, body))
        try:
            async with session.post(url, data=body.encode(), headers=headers) as response:
                answer = await response.text()
                if response.status == 200:
                    delivery.answered(json.loads(answer) if answer.startswith("{") else {"text": answer})
                    return
        except aiohttp.ClientConnectorError:
            # nobody listens, so what comes after it needn't be tried either
            await self._rest(delivery)
            return
        except (aiohttp.ClientError, TimeoutError):
            pass
        self._again(delivery)

    async def _rest(self, delivery: Delivery) -> None:
        if delivery.kind == "events_api" and delivery.tries < len(self._retries):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), self._retries[delivery.tries])
            delivery.tries += 1
            self.deliver(delivery, again=True)

    # ---- Socket Mode ------------------------------------------------------------------------------------------------

    async def _push(self, delivery: Delivery, socket: web.WebSocketResponse) -> None:
        envelope = self._space.name("envelope-")
        told = {"envelope_id": envelope, "type": delivery.kind, "payload": delivery.payload}
        told |= {"accepts_response_payload": delivery.kind != "events_api"}
        if delivery.kind == "events_api":
            told |= {"retry_attempt": delivery.tries, "retry_reason": "timeout" if delivery.tries else ""}
        self._open[envelope] = (socket, delivery)
        try:
            await socket.send_json(told)
        except ConnectionError:
            self.closed(socket)
            return
        self._later(self._timeout, self._overdue, envelope)

    def acknowledged(self, message: Payload) -> None:
        """The app sent an envelope's id back."""
        known = self._open.pop(str(message.get("envelope_id")), None)
        if known is not None:
            known[1].answered(message.get("payload") or {})
        if not self._waiting and not self._open:
            self._idle.set()

    def opened(self, socket: web.WebSocketResponse) -> None:
        """A socket is there; what waits goes over it."""
        self.sockets.append(socket)
        self._arrived.set()

    def closed(self, socket: web.WebSocketResponse) -> None:
        """A socket is gone; what went over it unanswered comes again, in its order."""
        if socket in self.sockets:
            self.sockets.remove(socket)
        lost = [(envelope, delivery) for envelope, (over, delivery) in self._open.items() if over is socket]
        for envelope, delivery in reversed(lost):
            del self._open[envelope]
            if delivery.kind == "events_api":
                delivery.tries += 1
                self.deliver(delivery, again=True)

    def _overdue(self, envelope: str) -> None:
        known = self._open.pop(envelope, None)
        if known is not None:
            self._again(known[1])

    def _again(self, delivery: Delivery) -> None:
        if delivery.kind == "events_api" and delivery.tries < len(self._retries):
            pause = self._retries[delivery.tries]
            delivery.tries += 1
            self._later(pause, self.deliver, delivery)
        elif not self._waiting and not self._open:
            self._idle.set()

    def _later(self, seconds: float, call: Callable[..., None], *args: Any) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, call, *args))


def _body(delivery: Delivery) -> str:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload)
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload)
    return urlencode({"payload": json.dumps(delivery.payload)})
