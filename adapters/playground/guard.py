"""Who may reach the page: only a browser on this machine that was given the token, and no other site through it."""

import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REFUSED: Final = 4403
"""The code with which a WebSocket is closed that may not be opened."""
NOT_ALLOWED: Final = "This address works only with the token that Parley printed when it started. Open that address."


class Guard:
    """Checks Host (against a name that was made to point here), Origin and token of everything, WebSockets too.

    The token comes in the address once and then as a cookie, which no other site can have sent and no script can read.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._cookie = f"parley-play-{port}"
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, with headers that bind the page, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._is_from_here(headers, scope["type"]) or not self._has_token(scope, headers):
            await self._refuse(scope, receive, send)
            return

        async def bind(message: Message) -> None:
            if message["type"] == "http.response.start":
                bound = MutableHeaders(scope=message)
                bound.update(_binding(headers["host"]))
                if scope["path"] == "/":
                    bound.append("set-cookie", f"{self._cookie}={self._token}; HttpOnly; SameSite=Strict; Path=/")
            await send(message)

        await self._app(scope, receive, bind)

    def _is_from_here(self, headers: Headers, kind: str) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return kind == "http" and headers.get("host") in self._hosts
        return headers.get("host") in self._hosts and origin in self._origins

    def _has_token(self, scope: Scope, headers: Headers) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            cookie = None
        if cookie:
            given.append(cookie.value)
        return any(secrets.compare_digest(one.encode(), self._token.encode()) for one in given)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": REFUSED})
            return
        await PlainTextResponse(NOT_ALLOWED, 403)(scope, receive, send)


def _binding(host: str) -> Mapping[str, str]:
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self' ws://{host}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
