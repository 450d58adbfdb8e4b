"""What the adapter has to be told about the bot's account and the server's roles."""

from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

API_BASE: Final = "https://discord.com/api/v10"
GATEWAY: Final = "wss://gateway.discord.gg/"


@dataclass(frozen=True, slots=True)
class DiscordConfig:
    """How the bot connects.

    ``message_content``: whether the privileged Message Content intent is asked for; without it the bot reads only what
    mentions it, or is written to it. ``members``: whether the privileged Server Members intent is asked for; without it
    nobody tells the bot who joins and whose roles change. ``shards``: the ids of the shards that this process owns out
    of ``shard_count``; empty: as many as Discord recommends, all of them. ``request_timeout``: seconds in which a
    request, with the retries of the library, has to be done; less than a lease of the outbox.
    """

    token: SecretStr
    api_base: str = API_BASE
    gateway: str = GATEWAY
    message_content: bool = True
    members: bool = True
    shards: tuple[int, ...] = ()
    shard_count: int = 0
    request_timeout: float = 20.0
