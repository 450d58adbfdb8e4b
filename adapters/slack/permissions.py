"""What the app may not do, from the word with which Slack refuses it. Pure."""

from collections.abc import Mapping
from typing import Final

_SCOPES: Final[Mapping[str, str]] = {"chat": "chat:write", "reactions": "reactions:write"}
"""By the family of the methods that need them."""
_MEMBERSHIP: Final = "to read and write (type /invite there, and choose me)"
_POSTING: Final = "to post"


def lacking(refusal: str) -> str | None:
    """What is missing, as people know it in Slack, or None where the refusal has another reason.

    ``refusal``: the method and Slack's word for it, as in :mod:`adapters.slack.errors`.
    """
    method, _, said = refusal.partition(": ")
    if said == "not_in_channel":
        return _MEMBERSHIP
    if said == "missing_scope":
        return _SCOPES.get(method.partition(".")[0])
    return _POSTING if said.startswith("restricted_action") else None
