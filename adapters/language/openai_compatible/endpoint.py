"""Where a model is; read before any SDK is."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's address, the key to it (may be empty), the model's name there, and a whole call's most seconds."""

    base_url: str
    key: SecretStr
    name: str
    timeout: float
