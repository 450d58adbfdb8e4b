"""The bot's account: logged in when first needed, closed at the end, and who we are there."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.discord.client import Arrived, DiscordClient, File, Wait
from adapters.discord.config import DiscordConfig
from adapters.discord.errors import Effect, NotConnected, send_error, why_not_connected
from dialogue.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Account:
    """Who the bot is, and under which application its commands and answers go."""

    id: str
    name: str
    application: str


class Session:
    """One client after the other: a closed one is replaced when it is needed again."""

    def __init__(self, config: DiscordConfig, arrived: Arrived, wait: Wait) -> None:
        self._config = config
        self._arrived = arrived
        self._wait = wait
        self._client: DiscordClient | None = None
        self._logging_in = asyncio.Lock()
        self.account: Account | None = None

    async def client(self) -> DiscordClient:
        """A client that is logged in. Raises :class:`Unavailable` or :class:`~adapters.discord.errors.NotConnected`."""
        async with self._logging_in:
            if self._client is None:
                self._client = await self._log_in()
            return self._client

    async def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | Sequence[object] | None = None,
        query: Mapping[str, str | int] | None = None,
        files: Sequence[File] = (),
        **parts: str,
    ) -> object:
        """One request, see :meth:`DiscordClient.ask`. A bot that can't log in is unavailable, and says why."""
        try:
            client = await self.client()
        except NotConnected as error:
            raise Unavailable(str(error)) from error
        return await client.ask(method, path, body, query, files, **parts)

    async def application(self) -> str:
        """The id of the bot's application."""
        await self.client()
        return self.account.application if self.account else ""

    async def close(self) -> None:
        """End the connection; what is needed later begins a new one."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _log_in(self) -> DiscordClient:
        client = DiscordClient(self._config, self._arrived, self._wait)
        try:
            async with asyncio.timeout(self._config.request_timeout):
                await client.login(self._config.token.get_secret_value())
        except BaseException as error:
            await client.close()
            failure = isinstance(error, Exception) and (why_not_connected(error) or send_error(error, Effect.READS))
            if failure:
                raise failure from error
            raise
        if client.user is not None:
            self.account = Account(str(client.user.id), client.user.name, str(client.application_id))
        return client
