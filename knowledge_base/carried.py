"""Values that go to another process by the thousand."""

from dataclasses import fields
from operator import attrgetter
from typing import Final, TypeVar

Value = TypeVar("Value")
_LEAST: Final = 2
"""Of one field, ``attrgetter`` gives no tuple."""


def carried(value: type[Value]) -> type[Value]:
    """A dataclass that is pickled as a call with its fields: by itself it takes several times as long.

    Fields that the class makes by itself are made again. Raises TypeError for a class that can't be called so.
    """
    given = [field for field in fields(value) if field.init]  # type: ignore[arg-type]
    if len(given) < _LEAST or any(field.kw_only for field in given):
        raise TypeError(f"{value.__name__} needs two fields or more, none by keyword alone")
    taken = attrgetter(*[field.name for field in given])

    def reduced(self: Value) -> tuple[type[Value], tuple[object, ...]]:
        return type(self), taken(self)

    value.__reduce__ = reduced  # type: ignore[assignment,method-assign]
    return value
