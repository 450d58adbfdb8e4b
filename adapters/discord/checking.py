"""Whether the bot can work on Discord, before anything is begun there."""

import asyncio
from collections.abc import Sequence
from typing import Final

from adapters.discord.config import DiscordConfig
from adapters.discord.directory import Directory
from adapters.discord.errors import INTENT_REFUSED
from adapters.discord.payload import number, payload_of
from adapters.discord.servers import Servers
from adapters.discord.session import Session

_MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
"""Flags of an application that may read messages: for any number of servers, or for few
(https://docs.discord.com/developers/resources/application#application-object-application-flags)."""


async def greet(config: DiscordConfig) -> tuple[str, Sequence[str]]:
    """Who the bot is, and what is wrong, each with what to do.

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
        wrong.append(INTENT_REFUSED)
    return f"{name} on {len(servers)} server{'' if len(servers) == 1 else 's'}", wrong
