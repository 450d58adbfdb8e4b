"""What one workspace is connected with."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

API_BASE: Final = "https://slack.com/api/"


class Transport(StrEnum):
    """How Slack reaches us: over a socket that we open, or by signed requests to an address of ours."""

    SOCKET = "socket"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """One workspace. Tokens and the signing secret are in no repr.

    ``app_token`` is needed for :attr:`Transport.SOCKET`, ``signing_secret`` (and ``host``, ``port``) for
    :attr:`Transport.HTTP`.
    ``ping_interval``: seconds between pings of the socket, and before a lost one is made again.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    transport: Transport = Transport.SOCKET
    host: str = "127.0.0.1"
    port: int = 3000
    api_base: str = API_BASE
    ping_interval: float = 5.0

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what could not be kept safe or connected at all."""
        needed = "app_token" if self.transport is Transport.SOCKET else "signing_secret"
        if not getattr(self, needed):
            raise ValueError(f"{needed} is needed where transport is {self.transport}")
