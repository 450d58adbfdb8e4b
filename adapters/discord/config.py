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
    mentions it. ``admin_roles`` and ``staff_roles``: names of server roles, in any case. ``request_timeout``:
    seconds in which a request, with the retries of the library, has to be done; less than a lease of the outbox.
    """

    token: SecretStr
    api_base: str = API_BASE
    gateway: str = GATEWAY
    message_content: bool = True
    admin_roles: frozenset[str] = frozenset()
    staff_roles: frozenset[str] = frozenset()
    request_timeout: float = 20.0
