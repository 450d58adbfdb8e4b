"""Rows of small numbers, one byte for each line: what Python does with bytes and long numbers, it does for all at once.

For a few dozen lines that is several times as fast as arrays, whose every call costs more than the work itself. Numbers
are below 128. A flag is 0 or 1. Rows that are put together are of the same length.
"""

from collections.abc import Iterable
from itertools import compress
from typing import Final

MOST: Final = 80
"""The longest row."""

_ONES: Final = tuple(int.from_bytes(b"\1" * count, "little") for count in range(MOST + 1))
_IS: Final = tuple(bytes(number == one for number in range(256)) for one in range(256))
_PLACES: Final = int.from_bytes(bytes(range(MOST)), "little")
_HIGHEST, _ALL = 0x7F, 0xFF


def flagged(count: int, places: Iterable[int]) -> bytes:
    """A row with flags at some places."""
    row = bytearray(count)
    for place in places:
        row[place] = 1
    return bytes(row)


def places(flags: bytes) -> list[int]:
    """Where the flags are."""
    return [place for place, flag in enumerate(flags) if flag]


def equal(row: bytes, number: int) -> bytes:
    """Where a number is; nowhere for -1."""
    return row.translate(_IS[number])


def among(row: bytes, numbers: Iterable[int]) -> bytes:
    """Where some numbers are."""
    table = bytearray(256)
    for number in numbers:
        table[number] = 1
    return row.translate(table)


def none(row: bytes) -> bytes:
    """Where a flag is not, or a number is 0."""
    return row.translate(_IS[0])


def same(first: bytes, second: bytes) -> bytes:
    """Where two rows have the same number."""
    ones = _ONES[len(first)]
    differing = _number(first) ^ _number(second)
    return _row(((differing + _HIGHEST * ones) >> 7 & ones) ^ ones, len(first))


def both(first: bytes, second: bytes) -> bytes:
    """Flags that are in both rows."""
    return _row(_number(first) & _number(second), len(first))


def either(first: bytes, second: bytes) -> bytes:
    """Flags that are in one row at least."""
    return _row(_number(first) | _number(second), len(first))


def only(row: bytes, flags: bytes) -> bytes:
    """The numbers where the flags are, 0 elsewhere."""
    return _row(_number(row) & _number(flags) * _ALL, len(row))


def picked(row: bytes, flags: bytes) -> bytes:
    """What is left of a row where only the flagged places stay."""
    return bytes(compress(row, flags))


def sums(row: bytes, more: bytes) -> bytes:
    """Two rows added up."""
    return _row(_number(row) + _number(more), len(row))


def counted(flags: bytes) -> bytes:
    """For each place, how many flags are at earlier places."""
    count, number = len(flags), _number(flags)
    # a product with ones adds up all the lower bytes
    return _row((number * _ONES[count] & (1 << 8 * count) - 1) - number, count)


def beyond(row: bytes) -> bytes:
    """Which places are greater than the number there."""
    count, ones = len(row), _ONES[len(row)]
    here = _PLACES & (1 << 8 * count) - 1
    return _row((here + _HIGHEST * ones - _number(row)) >> 7 & ones, count)


def _number(row: bytes) -> int:
    return int.from_bytes(row, "little")


def _row(number: int, count: int) -> bytes:
    return number.to_bytes(count, "little")
