"""Fields of a JSON object, checked one by one. Each function raises ``ValueError`` with what is wrong, for people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from adapters.files.lines import kind_of

Row = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)
_SHOWN = 40


def text(row: Row, name: str) -> str:
    """A required text, possibly empty; halves of surrogate pairs, which no file can hold, become U+FFFD."""
    value = row.get(name)
    if type(value) is not str:
        raise ValueError(_not(row, name, "text"))
    return value if value.isascii() else sound(value)


def optional_text(row: Row, name: str) -> str | None:
    """A text, or None where it is missing or null."""
    return None if row.get(name) is None else text(row, name)


def name(row: Row, field: str) -> str:
    """A required name: a text that isn't empty, kept exactly."""
    value = row.get(field)
    if type(value) is not str:
        raise ValueError(_not(row, field, "text"))
    if not value:
        raise ValueError(f'"{field}" is empty')
    if not value.isascii() and sound(value) != value:
        raise ValueError(f'"{field}" holds half of a surrogate pair, which is no character')
    return value


def optional_name(row: Row, field: str) -> str | None:
    """A name, or None where it is missing or null."""
    return None if row.get(field) is None else name(row, field)


def flag(row: Row, field: str) -> bool:
    """True or false; false where it is missing or null."""
    value = row.get(field)
    if value is None or type(value) is bool:
        return value is True
    raise ValueError(_not(row, field, "true or false"))


def moment(row: Row, field: str) -> datetime:
    """A required time in ISO 8601 with a zone, in UTC."""
    value = row.get(field)
    if type(value) is not str:
        raise ValueError(_not(row, field, "a time"))
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None:
            return at if at.tzinfo is UTC else at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f'"{field}" is {shown(value)}; a time with its zone is needed, such as 2026-01-02T03:04:05Z')


def optional_moment(row: Row, field: str) -> datetime | None:
    """A time, or None where it is missing or null."""
    return None if row.get(field) is None else moment(row, field)


def choice(row: Row, field: str, choices: Mapping[str, Choice]) -> Choice:
    """A required word that is one of ``choices``."""
    value = row.get(field)
    if type(value) is not str:
        raise ValueError(_not(row, field, "text"))
    try:
        return choices[value]
    except KeyError:
        raise ValueError(f'"{field}" is {shown(value)}; it must be one of {", ".join(choices)}') from None


def rows(row: Row, field: str) -> Sequence[Row]:
    """A list of objects; empty where it is missing or null."""
    return [_row(entry, field) for entry in _list(row, field)]


def texts(row: Row, field: str) -> tuple[str, ...]:
    """A list of texts; empty where it is missing or null."""
    return tuple(text({field: entry}, field) for entry in _list(row, field))


def sound(value: str) -> str:
    """The text with halves of surrogate pairs replaced by U+FFFD."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def shown(value: str) -> str:
    """A value as an error shows it: quoted, cut, nothing that could steer a terminal."""
    return ascii(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")


def _list(row: Row, field: str) -> Sequence[object]:
    value = row.get(field)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(_not(row, field, "a list"))
    return value


def _row(value: object, field: str) -> Row:
    if not isinstance(value, dict):
        raise ValueError(f'"{field}" must be a list of objects, not of {kind_of(value)}')
    return value


def _not(row: Row, field: str, wanted: str) -> str:
    if field not in row:
        return f'"{field}" is missing'
    return f'"{field}" must be {wanted}, not {kind_of(row[field])}'
