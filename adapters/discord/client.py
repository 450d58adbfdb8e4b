"""The library's client, made to talk to the addresses it is given and to hand over what arrives before any task starts.

Nothing of the library's cache is used: the gateway's events go, in their order, to one function. What that function
can't read is skipped, so no event ends the connection.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict, cast

import aiohttp
import discord
import structlog
from discord.http import HTTPClient, Route

from adapters.discord.config import API_BASE, GATEWAY, DiscordConfig
from adapters.discord.errors import Effect, send_error
from adapters.discord.limits import LONGEST_WAIT, Bucket
from adapters.discord.payload import Payload, payload_of
from adapters.discord.skipping import UNREADABLE, log_skipped
from adapters.discord.tries import latest_holds_all, noted_tries, noting

BETWEEN_IDENTIFIES: Final = 5.0
"""Seconds Discord wants between two new sessions."""
LOST: Final = "DISCONNECTED"
"""A shard has no connection, says no event of Discord's but this one of ours."""
SHARD: Final = "__shard_id__"
"""Where that, and the library in READY and RESUMED, says which shard it is."""


@dataclass(frozen=True, slots=True)
class File:
    """What is sent along with a message."""

    name: str
    type: str
    content: bytes = field(repr=False)


Arrived = Callable[[str, Payload], None]
Wait = Callable[[float], Awaitable[None]]


class _Shards(TypedDict, total=False):
    shard_ids: list[int]
    shard_count: int


class AddressedHTTP(HTTPClient):
    """Sends to the configured addresses, without changing those of any other client."""

    def __init__(self, loop: asyncio.AbstractEventLoop, api_base: str, gateway: str) -> None:
        super().__init__(loop)
        # the constructor takes no less than 30 s, longer than a claim of the outbox holds; this is for answered limits
        self.max_ratelimit_timeout = LONGEST_WAIT
        self._api_base = api_base
        self._gateway = gateway

    async def request(self, route: Route, **options: Any) -> Any:
        """As the library does, elsewhere."""
        route.url = self._api_base + route.url.removeprefix(API_BASE)
        try:
            return await super().request(route, middlewares=(noting,), **options)
        except asyncio.CancelledError:
            # a limit of the whole account is held by who sleeps it out: broken off, it would hold for ever
            if latest_holds_all():
                self._global_over.set()
            raise

    def get_ratelimit(self, key: str) -> Bucket:
        """As the library does, but ours."""
        found = self._buckets.get(key)
        if not isinstance(found, Bucket):
            self._buckets[key] = found = Bucket(self.max_ratelimit_timeout)
            self._try_clear_expired_ratelimits()
        return found

    async def ws_connect(self, url: str, *, compress: int = 0) -> Any:
        """As the library does; the address to resume at is Discord's own answer. It tries again by itself, unheard."""
        if url.startswith(GATEWAY):
            url = self._gateway + url.removeprefix(GATEWAY)
        try:
            return await super().ws_connect(url, compress=compress)
        except (OSError, aiohttp.ClientError) as error:
            structlog.get_logger().warning("connection_failed", reason=type(error).__name__)
            raise


class DiscordClient(discord.AutoShardedClient):
    """The connections of the owned shards, to be used once.

    ``arrived`` is called for each event, by name, in the order of its shard, and must not wait; also when a shard lost
    its connection (:data:`LOST`).
    """

    def __init__(self, config: DiscordConfig, arrived: Arrived, wait: Wait) -> None:
        _keep_secrets_out_of_logs()
        shards: _Shards = {"shard_count": config.shard_count} if config.shard_count else {}
        if config.shards:
            shards["shard_ids"] = list(config.shards)
        super().__init__(intents=_intents(config), chunk_guilds_at_startup=False, max_messages=None, **shards)
        self._config = config
        self._arrived = arrived
        self._wait = wait
        self.http: AddressedHTTP = AddressedHTTP(self.loop, config.api_base.rstrip("/"), config.gateway)
        self._connection.http = self.http
        names = ("READY", "RESUMED", *self._connection.parsers)
        self._connection.parsers = {name: self._hand_over(name) for name in names}

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not too many new sessions in a short time."""
        if not initial:
            await self._wait(BETWEEN_IDENTIFIES)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """The library connects again by itself."""
        structlog.get_logger().info("connection_lost", shard=shard_id)
        self._arrived(LOST, {SHARD: shard_id})

    async def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | Sequence[object] | None = None,
        query: Mapping[str, str | int] | None = None,
        files: Sequence[File] = (),
        **parts: str,
    ) -> object:
        """One request; ``parts`` fill the path. Raises :class:`~dialogue.errors.SendError`, caused by the library's."""
        options: dict[str, object] = {} if body is None else {"json": body}
        if files:
            options = {"form": _form(body, files)}
        if query is not None:
            options["params"] = query
        effect = Effect.READS if method == "GET" else Effect.WRITES
        with noted_tries() as tries:
            try:
                async with asyncio.timeout(self._config.request_timeout):
                    return cast("object", await self.http.request(Route(method, path, **parts), **options))
            except Exception as error:
                failure = send_error(error, effect, an_earlier_try_is_unclear=tries.unclear)
                if failure is None:
                    raise
                raise failure from error

    def _hand_over(self, name: str) -> Callable[[object], None]:
        def hand_over(data: object) -> None:
            try:
                self._arrived(name, payload_of(data))
            except UNREADABLE as error:
                log_skipped(name, error)

        return hand_over


def _keep_secrets_out_of_logs() -> None:
    """The library logs whole events, addresses that hold an interaction's token, and a traceback at each lost network.

    What matters of that is said by the adapter itself.
    """
    logging.getLogger("discord").setLevel(logging.CRITICAL)


def _intents(config: DiscordConfig) -> discord.Intents:
    """What the bot is told of: servers and their emoji, what is said there and to it alone, reactions.

    Who joins and changes, and the text of what isn't said to it, only where that is allowed.
    """
    return discord.Intents(
        guilds=True,
        members=config.members,
        emojis_and_stickers=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        message_content=config.message_content,
    )


def _form(body: object, files: Sequence[File]) -> list[dict[str, object]]:
    """A request with files, as the library takes it."""
    parts: list[dict[str, object]] = [{"name": "payload_json", "value": json.dumps(body)}]
    for number, file in enumerate(files):
        name = f"files[{number}]"
        parts.append({"name": name, "value": file.content, "filename": file.name, "content_type": file.type})
    return parts


def payloads(answer: object) -> Iterable[Payload]:
    """A list of objects, as Discord answered it. What is no object in it is left out."""
    return [payload_of(each) for each in answer if isinstance(each, Mapping)] if isinstance(answer, list) else ()
