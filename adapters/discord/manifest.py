"""The link that invites the bot to a server: exactly the permissions and scopes in use."""

import base64
import binascii
from typing import Final

from adapters.discord.permissions import PERMISSIONS

SCOPES: Final = ("bot", "applications.commands")


def invitation(application: str) -> str:
    """The link for an application's id."""
    permissions = sum(PERMISSIONS.values())
    scopes = "+".join(SCOPES)
    return f"https://discord.com/oauth2/authorize?client_id={application}&scope={scopes}&permissions={permissions}"


def application_of(token: str) -> str | None:
    """The id of the bot's account, which begins its token and is that of its application; None for no such token."""
    first = token.partition(".")[0]
    try:
        found = base64.b64decode(first + "=" * (-len(first) % 4), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return found if found.isdecimal() else None
