"""Reading what Slack sends: nothing in a payload is taken for granted, and nothing here raises.

Payloads are read from JSON, so their objects are dictionaries and their lists are lists.
"""

import re
from collections.abc import Mapping
from typing import Final

Table = Mapping[str, object]

_NOTHING: Final[Table] = {}
_ID: Final = re.compile(r"[A-Z0-9]{1,32}")


def table(payload: object, *path: str) -> Table:
    """The object at that path, or an empty one."""
    for name in path:
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload if isinstance(payload, dict) else _NOTHING


def text(payload: Table, *path: str) -> str:
    """The string at that path, or an empty one."""
    # asked some twenty times for each event, so without another call
    found: object = payload
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def rows(payload: Table, *path: str) -> list[Table]:
    """The objects in the list at that path."""
    found = _at(payload, path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def strings(payload: Table, *path: str) -> list[str]:
    """The strings in the list at that path."""
    found = _at(payload, path)
    return [row for row in found if isinstance(row, str)] if isinstance(found, list) else []


def is_id(given: str) -> bool:
    """Whether people, channels and the like are named so."""
    return _ID.fullmatch(given) is not None


def flag(payload: Table, *names: str) -> bool:
    """Whether any of these is true."""
    return any(payload.get(name) is True for name in names)


def _at(payload: object, path: tuple[str, ...]) -> object:
    for name in path:
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload
