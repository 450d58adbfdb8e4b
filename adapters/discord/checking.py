"""Whether the bot can work on Discord, before anything is begun there."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from adapters.discord.config import DiscordConfig
from adapters.discord.directory import ADMINISTRATOR, Directory
from adapters.discord.errors import CONTENT_REFUSED, MEMBERS_REFUSED
from adapters.discord.payload import number, payload_of
from adapters.discord.permissions import MANAGE_ROLES, PERMISSIONS
from adapters.discord.servers import Joined, Servers
from adapters.discord.session import Session
from dialogue.ports import Greeting

_MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
_MEMBERS: Final = 1 << 14 | 1 << 15
"""Flags of an application that may read messages, and hear of members: each for any number of servers, or for few
(https://docs.discord.com/developers/resources/application#application-object-application-flags)."""

_LEFT_AWAY: Final = frozenset({MANAGE_ROLES})
"""What the guide says may be left away: then the bot gives no roles."""


async def greet(config: DiscordConfig) -> Greeting:
    """Who the bot is there, and what is wrong.

    Raises :class:`~adapters.discord.errors.NotConnected` or :class:`~dialogue.errors.SendError`.
    """
    session = Session(config, lambda _name, _payload: None, asyncio.sleep)
    try:
        await session.client()
        servers = await Servers(session, Directory()).joined()
        application = payload_of(await session.ask("GET", "/oauth2/applications/@me"))
    finally:
        await session.close()
    name = session.account.name if session.account else ""
    wrong = [] if servers else ["invite it to a server (parley manifest discord)"]
    if config.message_content and not number(application, "flags") & _MESSAGE_CONTENT:
        wrong.append(CONTENT_REFUSED)
    if config.members and not number(application, "flags") & _MEMBERS:
        wrong.append(MEMBERS_REFUSED)
    wrong += [sentence for server in servers for sentence in _lacking(server)]
    said = f"{name} on {len(servers)} server{'' if len(servers) == 1 else 's'}"
    return Greeting(said, wrong, await _time_at(config))


def _lacking(server: Joined) -> Sequence[str]:
    held = server.permissions
    wanted = {name: bit for name, bit in PERMISSIONS.items() if name not in _LEFT_AWAY}
    lacking = [name for name, bit in wanted.items() if not held & (bit | ADMINISTRATOR)]
    return [f"on {server.name} give its role the permissions {', '.join(lacking)}"] if lacking else []


async def _time_at(config: DiscordConfig) -> datetime | None:
    """What time it is at Discord, by the date of an answer that needs no token."""
    try:
        timeout = aiohttp.ClientTimeout(total=config.request_timeout)
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.get(f"{config.api_base.rstrip('/')}/gateway") as answer,
        ):
            return parsedate_to_datetime(answer.headers.get("Date", ""))
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
