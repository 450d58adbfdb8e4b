"""Who is measured on Slack: the adapter, bolt with the SDK, and aiohttp alone, which both sit on."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.config import SlackConfig
from adapters.slack.gateway import SlackChat, who_am_i
from benchmarks.platforms.measuring import WARM_UP, Heard, NullSink
from benchmarks.platforms.nothing import HurriedClock, NoAnswers, beside
from benchmarks.platforms.served import served
from benchmarks.platforms.serving import LINES, Addresses
from dialogue.actions import OutboxId
from dialogue.buttons import BUTTONS
from dialogue.commands.catalogue import COMMANDS
from dialogue.posts import plain
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import ChannelId

PINGS = 60.0
"""Seconds between pings: a flood is no lost connection."""


class Adapter:
    """Ours, with nothing behind it."""

    def __init__(self) -> None:
        self.heard = Heard()
        self._chat: SlackChat

    @asynccontextmanager
    async def running(self, addresses: Addresses) -> AsyncIterator[None]:
        """See :class:`~benchmarks.platforms.measuring.Client`."""
        config = SlackConfig(
            bot_token=addresses.token, app_token=addresses.app_token, api_base=addresses.api, ping_interval=PINGS
        )
        self._chat = SlackChat(
            config,
            await who_am_i(config),
            interactions=NoAnswers(),
            commands=COMMANDS,
            buttons=BUTTONS,
            texts=Texts.load(),
            clock=HurriedClock(),
        )
        (self._space,) = self._chat.spaces
        async with beside(self._chat.run(NullSink(self.heard))):
            yield

    async def send(self, channel: str, text: str, number: int) -> None:
        """As the relay does."""
        await self._chat.send(self._space, ChannelId(channel), None, plain(text), OutboxId(f"row-{number}"))


class Library:
    """Bolt as it is, with a listener that counts; posts by the SDK's client, which keeps its connections."""

    def __init__(self) -> None:
        self.heard = Heard()

    @asynccontextmanager
    async def running(self, addresses: Addresses) -> AsyncIterator[None]:
        """See :class:`~benchmarks.platforms.measuring.Client`."""
        async with self._app(addresses) as app:
            handler = AsyncSocketModeHandler(app, addresses.app_token, ping_interval=PINGS)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            try:
                yield
            finally:
                await handler.close_async()  # type: ignore[no-untyped-call]

    async def send(self, channel: str, text: str, number: int) -> None:
        """The SDK's own method."""
        await self._client.chat_postMessage(channel=channel, text=text, parse="none", unfurl_links=False)

    async def dispatching(self, runs: int, messages: int) -> list[float]:
        """Messages a second of each run, from what a socket would have brought to the listener."""
        async with served("slack") as server, self._app(server.addresses) as app:
            await self._dispatch(app, WARM_UP)
            return [await self._dispatch(app, messages) for _ in range(runs)]

    async def _dispatch(self, app: AsyncApp, messages: int) -> float:
        bodies = [body_of(number) for number in range(messages)]
        self.heard.expect(messages)
        began = time.perf_counter()
        for body in bodies:
            await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        return messages / (await self.heard.all() - began)

    @asynccontextmanager
    async def _app(self, addresses: Addresses) -> AsyncIterator[AsyncApp]:
        logging.getLogger("slack_bolt").setLevel(logging.WARNING)
        async with aiohttp.ClientSession() as session:
            self._client = AsyncWebClient(addresses.token, base_url=addresses.api, session=session)
            app = AsyncApp(client=self._client)

            @app.event("message")
            async def hear() -> None:
                self.heard.more(1)

            yield app


class Sockets:
    """aiohttp, reading frames without looking into them, and posting what is written already."""

    def __init__(self) -> None:
        self.heard = Heard()

    @asynccontextmanager
    async def running(self, addresses: Addresses) -> AsyncIterator[None]:
        """See :class:`~benchmarks.platforms.measuring.Client`."""
        headers = {"Authorization": f"Bearer {addresses.token}"}
        async with aiohttp.ClientSession(headers=headers) as self._session:
            self._api = addresses.api
            async with beside(self._hear(addresses)):
                yield

    async def send(self, channel: str, text: str, number: int) -> None:
        """The least that a post is."""
        body = {"channel": channel, "text": text, "parse": "none"}
        async with self._session.post(f"{self._api}chat.postMessage", json=body) as response:
            await response.read()

    async def _hear(self, addresses: Addresses) -> None:
        opening = self._session.post(
            f"{self._api}apps.connections.open", headers={"Authorization": f"Bearer {addresses.app_token}"}, json={}
        )
        async with opening as response:
            address = (await response.json())["url"]
        async with self._session.ws_connect(address) as socket:
            await socket.receive()  # hello
            async for _ in socket:
                self.heard.more(1)


def body_of(number: int) -> dict[str, object]:
    """What Slack tells an app of a message."""
    ts = f"{time.time_ns() // 10**9}.{number:06d}"
    event = {"type": "message", "user": f"U{number % 50}", "text": LINES[number % len(LINES)], "team": "T1", "ts": ts}
    event |= {"channel": f"CR{number % 20}", "event_ts": ts, "channel_type": "channel"}
    whom = {"team_id": "T1", "user_id": "T1BOTUSER", "is_bot": True}
    outer = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": event, "event_id": f"Ev{number}"}
    return outer | {"event_time": number, "authorizations": [whom]}
