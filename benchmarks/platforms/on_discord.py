"""Who is measured on Discord: the adapter, discord.py, and aiohttp alone, which both sit on."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route, handle_message_parameters
from pydantic import SecretStr

from adapters.discord.config import DiscordConfig
from adapters.discord.gateway import DiscordChat
from benchmarks.platforms.measuring import Heard, NullSink
from benchmarks.platforms.nothing import NoAnswers, beside
from benchmarks.platforms.serving import Addresses
from bot.moments import RandomIds, SystemClock
from dialogue.actions import OutboxId
from dialogue.buttons import BUTTONS
from dialogue.commands.catalogue import COMMANDS
from dialogue.posts import plain
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import ChannelId

_INTENTS = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, message_content=True)


class Adapter:
    """Ours, with nothing behind it."""

    def __init__(self) -> None:
        self.heard = Heard()
        self._chat: DiscordChat

    @asynccontextmanager
    async def running(self, addresses: Addresses) -> AsyncIterator[None]:
        """See :class:`~benchmarks.platforms.measuring.Client`."""
        self._chat = DiscordChat(
            DiscordConfig(SecretStr(addresses.token), addresses.api, addresses.gateway),
            interactions=NoAnswers(),
            commands=COMMANDS,
            buttons=BUTTONS,
            texts=Texts.load(),
            clock=SystemClock(),
            ids=RandomIds(),
        )
        await self._chat.prepare()
        (self._space,) = self._chat.spaces
        async with beside(self._chat.run(NullSink(self.heard))):
            yield

    async def send(self, channel: str, text: str, number: int) -> None:
        """As the relay does."""
        await self._chat.send(self._space, ChannelId(channel), None, plain(text), OutboxId(f"row-{number}"))


class Library(discord.Client):
    """discord.py as it is, with a listener that counts."""

    def __init__(self) -> None:
        super().__init__(intents=_INTENTS)
        self.heard = Heard()

    async def on_message(self, message: discord.Message) -> None:
        """One more."""
        self.heard.more(1)

    @asynccontextmanager
    async def running(self, addresses: Addresses) -> AsyncIterator[None]:
        """See :class:`~benchmarks.platforms.measuring.Client`."""
        Route.BASE = addresses.api
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(addresses.gateway)
        await self.login(addresses.token)
        async with beside(self.connect()):
            try:
                yield
            finally:
                await self.close()

    async def send(self, channel: str, text: str, number: int) -> None:
        """The request, and what comes back as plain data."""
        nobody = discord.AllowedMentions.none()
        with handle_message_parameters(text, nonce=str(number), allowed_mentions=nobody) as parameters:
            await self.http.send_message(channel, params=parameters)


class Sockets:
    """aiohttp, reading frames without looking into them, and posting what is written already."""

    def __init__(self) -> None:
        self.heard = Heard()

    @asynccontextmanager
    async def running(self, addresses: Addresses) -> AsyncIterator[None]:
        """See :class:`~benchmarks.platforms.measuring.Client`."""
        headers = {"Authorization": f"Bot {addresses.token}", "Content-Type": "application/json"}
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as self._session:
            self._api = addresses.api
            async with beside(self._hear(addresses)):
                yield

    async def send(self, channel: str, text: str, number: int) -> None:
        """The least that a post is."""
        address, body = f"{self._api}/channels/{channel}/messages", json.dumps({"content": text, "nonce": number})
        async with self._session.post(address, data=body.encode()) as response:
            await response.read()

    async def _hear(self, addresses: Addresses) -> None:
        data = {"token": addresses.token, "intents": _INTENTS.value, "properties": {}}
        async with self._session.ws_connect(f"{addresses.gateway}?compress=zlib-stream", max_msg_size=0) as socket:
            await socket.send_json({"op": 2, "d": data})
            # hello, who we are, and our server come before anything is said
            for _ in range(3):
                await socket.receive()
            async for _ in socket:
                self.heard.more(1)
