"""Reading what Discord sends: each reader gives a value of the type it names, or raises :class:`Malformed`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

Payload = Mapping[str, object]

_NONE: Final[Payload] = {}
_LONGEST_ID: Final = 20
"""Digits of 64 bits."""


class Malformed(Exception):
    """A payload is not what Discord promises. Names the field, never its value."""


def payload_of(value: object) -> Payload:
    """An object."""
    if not isinstance(value, Mapping):
        raise Malformed("not an object")
    return cast("Payload", value)


def identifier(payload: Payload, name: str) -> str:
    """A snowflake, which may come as text or as a number."""
    found = optional_identifier(payload, name)
    if found is None:
        raise Malformed(f"{name} is missing")
    return found


def optional_identifier(payload: Payload, name: str) -> str | None:
    """A snowflake, or None where there is none."""
    value = payload.get(name)
    if value is None:
        return None
    found = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if not found.isdecimal() or not found.isascii() or len(found) > _LONGEST_ID:
        raise Malformed(f"{name} is no id")
    return found


def text(payload: Payload, name: str) -> str:
    """A text."""
    value = payload.get(name)
    if not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return value


def optional_text(payload: Payload, name: str) -> str | None:
    """A text, or None where there is none."""
    return None if payload.get(name) is None else text(payload, name)


def number(payload: Payload, name: str, default: int = 0) -> int:
    """A whole number, which may come as text: permissions do."""
    value = payload.get(name)
    if value is None:
        return default
    if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
        return int(value)
    raise Malformed(f"{name} is no number")


def flag(payload: Payload, name: str) -> bool:
    """Whether it is true; false where it is left out."""
    return payload.get(name) is True


def child(payload: Payload, name: str) -> Payload:
    """An object within, empty where it is left out."""
    value = payload.get(name)
    return _NONE if value is None else payload_of(value)


def children(payload: Payload, name: str) -> Sequence[Payload]:
    """A list of objects, empty where it is left out."""
    return [payload_of(item) for item in _items(payload, name)]


def identifiers(payload: Payload, name: str) -> tuple[str, ...]:
    """A list of snowflakes, empty where it is left out."""
    return tuple(identifier({name: item}, name) for item in _items(payload, name))


def texts(payload: Payload, name: str) -> tuple[str, ...]:
    """A list of texts, empty where it is left out."""
    return tuple(text({name: item}, name) for item in _items(payload, name))


def moment(payload: Payload, name: str) -> datetime:
    """A time, aware."""
    try:
        found = datetime.fromisoformat(text(payload, name))
    except ValueError as error:
        raise Malformed(f"{name} is no time") from error
    if found.tzinfo is None:
        raise Malformed(f"{name} has no zone")
    return found


def _items(payload: Payload, name: str) -> Sequence[object]:
    value = payload.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Malformed(f"{name} is no list")
    return value
