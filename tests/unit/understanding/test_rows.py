import random

import pytest

from dialogue.understanding import rows

SIZES = (0, 1, 2, 7, 8, 9, 63, rows.MOST)


@pytest.mark.parametrize("count", SIZES)
def test_rows_give_what_each_place_by_itself_gives(count: int) -> None:
    chance = random.Random(count)
    first, second = ([chance.randrange(rows.MOST + 1) for _ in range(count)] for _ in range(2))
    one, two = bytes(first), bytes(second)
    flags, others = ([chance.randrange(2) for _ in range(count)] for _ in range(2))
    some, more = bytes(flags), bytes(others)
    assert list(rows.same(one, two)) == [a == b for a, b in zip(first, second, strict=True)]
    assert list(rows.same(one, one)) == [1] * count
    assert list(rows.equal(one, 3)) == [a == 3 for a in first]
    assert list(rows.equal(one, -1)) == [0] * count
    assert list(rows.among(one, {3, 5, 0})) == [a in (3, 5, 0) for a in first]
    assert list(rows.none(one)) == [a == 0 for a in first]
    assert list(rows.both(some, more)) == [a & b for a, b in zip(flags, others, strict=True)]
    assert list(rows.either(some, more)) == [a | b for a, b in zip(flags, others, strict=True)]
    assert list(rows.only(one, some)) == [a * b for a, b in zip(first, flags, strict=True)]
    assert list(rows.picked(one, some)) == [a for a, b in zip(first, flags, strict=True) if b]
    assert list(rows.sums(one, some)) == [a + b for a, b in zip(first, flags, strict=True)]
    assert list(rows.counted(some)) == [sum(flags[:n]) for n in range(count)]
    assert list(rows.counted(b"\1" * count)) == list(range(count))
    assert list(rows.beyond(one)) == [n > a for n, a in enumerate(first)]
    assert list(rows.beyond(b"\x7f" * count)) == [0] * count
    assert rows.places(some) == [n for n, flag in enumerate(flags) if flag]
    assert rows.flagged(count, rows.places(some)) == some
