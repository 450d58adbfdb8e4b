"""How values stand in the database, the same in SQLite and PostgreSQL.

One rule for texts, in one place: PostgreSQL can't store a NUL character and neither database can store half a surrogate
pair, so each is replaced by U+FFFD (the replacement character) on its way in, also in what is looked for. Everything
else is stored as it is.
"""

import json
import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, Generic, TypeVar

from sqlalchemy import BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

REPLACEMENT: Final = "\ufffd"

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_NO_TEXTS: Final = "[]"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

Choice = TypeVar("Choice", bound=StrEnum)


def storable(text: str) -> str:
    """The text with everything that a database can't store replaced by U+FFFD."""
    return _UNSTORABLE.sub(REPLACEMENT, text)


class ShownText(TypeDecorator[str]):
    """Any text, as people see it: see :func:`storable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Into the database."""
        return None if value is None else storable(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC as microseconds since 1970: exact, sortable, and the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Into the database; the moment must have a zone."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Out of the database, in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Day(TypeDecorator[date]):
    """A day of the calendar, as ``2026-03-31``: sortable, and the same in every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Into the database."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Out of the database."""
        return None if value is None else date.fromisoformat(value)


class OneOf(TypeDecorator[Choice], Generic[Choice]):
    """A value of an enum, as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[Choice]) -> None:
        super().__init__()
        self.choices = choices
        self._by_text = {choice.value: choice for choice in choices}  # an enum's own look-up takes five times as long

    def process_bind_param(self, value: Choice | None, dialect: Dialect) -> str | None:
        """Into the database."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Choice | None:
        """Out of the database."""
        return None if value is None else self._by_text[value]


class Texts(TypeDecorator[tuple[str, ...]]):
    """Several texts, as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """Into the database."""
        return None if value is None else json.dumps([storable(text) for text in value], ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Out of the database."""
        if value == _NO_TEXTS:  # as most are
            return ()
        return None if value is None else tuple(json.loads(value))
