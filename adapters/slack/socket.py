"""The SDK's Socket Mode client, made to bear what goes wrong before a socket is there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import sdk_log
from adapters.slack.config import SlackConfig
from adapters.slack.errors import of_network, of_slack
from dialogue.errors import RateLimited, SendError

PATIENCE: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds before each next try; the last one again and again."""
PINGS: Final = 6
"""After so many pings without a connection, the address it is tried at is given up."""
_METHOD: Final = "apps.connections.open"


class Socket(SocketModeClient):
    """Says once why it gets no address, and asks again ever more slowly. ``wait``: lets seconds pass."""

    def __init__(self, config: SlackConfig, web: AsyncWebClient, wait: Callable[[float], Awaitable[None]]) -> None:
        super().__init__(
            app_token=config.app_token,
            web_client=web,
            logger=sdk_log(),
            ping_interval=config.ping_interval,
        )
        self._wait = wait
        self._closing = asyncio.Event()
        self._said = ""

    async def issue_new_wss_url(self) -> str:
        """The address of a new socket, as soon as Slack gives one."""
        tries = 0
        while not self._closing.is_set():
            try:
                response = await self.web_client.apps_connections_open(app_token=self.app_token)
                self._said = ""
                return str(response["url"])
            except SlackApiError as error:
                refused: SendError = of_slack(_METHOD, error)
            except (TimeoutError, aiohttp.ClientError) as error:
                refused = of_network(_METHOD, error)
            await self._rest(refused, PATIENCE[min(tries, len(PATIENCE) - 1)])
            tries += 1
        raise ConnectionError("closed")

    async def watch(self) -> None:
        """Let go of an address at which there is no connection: the SDK would try the same one for ever."""
        while True:
            await asyncio.sleep(self.ping_interval * PINGS)
            if not await self.is_connected():
                self.wss_uri = None

    async def end(self) -> None:
        """Close, and wait until nothing of it runs any more."""
        self._closing.set()
        await self.close()  # type: ignore[no-untyped-call]
        tasks = (self.message_processor, self.current_session_monitor, self.message_receiver)
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)

    async def _rest(self, refused: SendError, pause: float) -> None:
        if str(refused) != self._said:
            structlog.get_logger().error("slack_socket_refused", reason=str(refused))
            self._said = str(refused)
        if isinstance(refused, RateLimited):
            pause = max(pause, refused.after.total_seconds())
        resting = [asyncio.ensure_future(self._wait(pause)), asyncio.ensure_future(self._closing.wait())]
        await asyncio.wait(resting, return_when=asyncio.FIRST_COMPLETED)
        for task in resting:
            task.cancel()
