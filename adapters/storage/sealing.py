"""Sealing with Fernet (AES-128-CBC and HMAC-SHA256): short-lived secrets stay unreadable at rest."""

import hashlib
import hmac
import os
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken

from adapters.storage.errors import UnusableKey
from dialogue.ports import Sealer


class FernetSealer(Sealer):
    """Seals with one key: 32 bytes in URL-safe base64."""

    def __init__(self, key: str) -> None:
        """Raises :class:`UnusableKey` where it is not such a key."""
        try:
            self._fernet = Fernet(key)
        except ValueError as error:
            raise UnusableKey("the key in [security] must be 32 bytes in URL-safe base64") from error
        # not the key itself, which is for other algorithms
        self._for_digests = hmac.digest(key.encode(), b"parley digest", hashlib.sha256)

    @classmethod
    def throwaway(cls) -> Self:
        """With a key of its own that is nowhere kept."""
        return cls(Fernet.generate_key().decode())

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The key kept in a file; made there, readable by its owner only, where there is none yet."""
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(Fernet.generate_key())
            return cls(path.read_text("ascii").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise UnusableKey(f"{path}: the key can't be kept there: {error}; set key_file in [security]") from error

    def seal(self, secret: str) -> bytes:
        """Encrypt."""
        return self._fernet.encrypt(secret.encode("utf-8", "surrogatepass"))

    def unseal(self, sealed: bytes) -> str:
        """Decrypt. Raises ``ValueError`` if it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken as error:
            raise ValueError("sealed with another key") from error

    def digest(self, secret: str) -> str:
        """HMAC-SHA256, in hexadecimal."""
        return hmac.digest(self._for_digests, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
