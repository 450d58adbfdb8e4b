"""The Web API, through the SDK: every call, its errors mapped, nothing tried twice behind our back."""

import json
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.config import SlackConfig
from adapters.slack.errors import Revoked, of_answer, of_network, of_slack
from adapters.slack.fields import Table, table, text
from dialogue.errors import Unavailable, Uncertain

_SCOPES: Final = "x-oauth-scopes"
_TICKET: Final = re.compile(r"(wss?://[^\s?'\"]*)\?[^\s'\")]*")
TIMEOUT: Final = 30
"""Seconds for one call."""


@dataclass(frozen=True, slots=True)
class Me:
    """The app in its workspace. ``url``: the workspace's address, which links begin with."""

    team: str
    url: str
    user: str
    bot: str
    name: str


class _WithoutTickets(logging.Filter):
    """A socket's address is a key to it: what stands behind its question mark is cut, and so are tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TICKET.sub(r"\1?…", record.getMessage()), ()
        record.exc_info = record.exc_text = None
        return True


_WITHOUT_TICKETS: Final = _WithoutTickets()


def sdk_log() -> logging.Logger:
    """Where the SDK logs: never below INFO, where it would write down addresses that are secrets, and messages."""
    return _log("adapters.slack.sdk", logging.INFO)


def bolt_log() -> logging.Logger:
    """Where bolt logs: never below WARNING, for it writes whole requests down at INFO."""
    return _log("adapters.slack.bolt", logging.WARNING)


def _log(name: str, level: int) -> logging.Logger:
    log = logging.getLogger(name)
    log.setLevel(level)
    log.addFilter(_WITHOUT_TICKETS)
    return log


class Api:
    """Calls methods of one workspace. Once its token is revoked it says so once, and calls nothing any more."""

    def __init__(self, config: SlackConfig) -> None:
        self.client = AsyncWebClient(
            token=config.bot_token, base_url=config.api_base, timeout=TIMEOUT, retry_handlers=[], logger=sdk_log()
        )
        self._revoked: Revoked | None = None

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Keep connections open while the block lasts; outside it, each call opens one of its own."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session:
            self.client.session = session
            try:
                yield
            finally:
                self.client.session = None

    async def read(self, method: str, **arguments: str | int) -> Table:
        """Ask. Raises RateLimited, Unavailable or Rejected: asking again is always harmless."""
        try:
            return await self._call(method, "GET", {name: str(value) for name, value in arguments.items()})
        except Uncertain as error:
            raise Unavailable(str(error)) from error

    async def act(self, method: str, arguments: Mapping[str, object]) -> Table:
        """Do something. Raises any :class:`~dialogue.errors.SendError`."""
        return await self._call(method, "POST", arguments)

    async def answer(self, address: str, message: Mapping[str, object]) -> None:
        """Answer through a ``response_url``. Raises any SendError; Rejected where it expired or was used up."""
        self._refuse_if_revoked()
        hook = AsyncWebhookClient(
            address, timeout=TIMEOUT, session=self.client.session, retry_handlers=[], logger=sdk_log()
        )
        try:
            response = await hook.send_dict(dict(message))
        except (TimeoutError, aiohttp.ClientError) as error:
            raise of_network("answer", error) from error
        if response.status_code != 200:
            raise of_answer("answer", response.status_code, _error_in(response.body), response.headers)

    async def upload(self, address: str, content: bytes) -> None:
        """Put a file where Slack said it may go. Raises any SendError."""
        self._refuse_if_revoked()
        try:
            async with self._session() as session, session.post(address, data=content) as response:
                status, headers = response.status, response.headers
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            raise of_network("upload", error) from error
        if status != 200:
            raise of_answer("upload", status, "", headers)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """The connections that are kept open, or one for this once."""
        if self.client.session is not None:
            yield self.client.session
            return
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session:
            yield session

    async def me(self) -> Me:
        """Who the token belongs to."""
        told = await self.read("auth.test")
        bot = text(told, "bot_id")
        user = await self.read("users.info", user=text(told, "user_id"))
        profile = table(user, "user", "profile")
        name = text(profile, "display_name") or text(profile, "real_name") or text(told, "user")
        return Me(text(told, "team_id"), text(told, "url"), text(told, "user_id"), bot, name)

    async def granted(self) -> tuple[frozenset[str], datetime | None]:
        """The scopes that the token has; and what time it is at Slack, if its answer tells."""
        response = await self._respond("auth.test", "POST", {})
        headers = {name.lower(): str(value) for name, value in response.headers.items()}
        scopes = frozenset(scope.strip() for scope in headers.get(_SCOPES, "").split(",") if scope.strip())
        try:
            return scopes, parsedate_to_datetime(headers.get("date", ""))
        except ValueError:
            return scopes, None

    def revoke(self, reason: str) -> None:
        """The app may do nothing here any more. Said once; what is stored stays."""
        if self._revoked is None:
            structlog.get_logger().error("slack_access_revoked", reason=reason, what_to_do="install the app again")
        self._revoked = Revoked(reason)

    async def _call(self, method: str, verb: str, arguments: Mapping[str, object]) -> Table:
        response = await self._respond(method, verb, arguments)
        return response.data if isinstance(response.data, Mapping) else {}

    async def _respond(self, method: str, verb: str, arguments: Mapping[str, object]) -> AsyncSlackResponse:
        self._refuse_if_revoked()
        given = dict(arguments)
        try:
            if verb == "GET":
                return await self.client.api_call(method, http_verb=verb, params=given)
            return await self.client.api_call(method, http_verb=verb, json=given)
        except SlackApiError as error:
            mapped = of_slack(method, error)
            if isinstance(mapped, Revoked):
                self.revoke(str(mapped))
            raise mapped from None
        except (TimeoutError, aiohttp.ClientError) as error:
            raise of_network(method, error) from error
        except (SlackClientError, ValueError) as error:
            raise Uncertain(f"{method}: {type(error).__name__}") from error

    def _refuse_if_revoked(self) -> None:
        if self._revoked is not None:
            raise Revoked(str(self._revoked))


def _error_in(body: str) -> str:
    try:
        return text(table(json.loads(body)), "error")
    except ValueError:
        return ""
