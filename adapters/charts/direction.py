"""What is read from the right, in the order in which it is drawn from the left, with Arabic letters joined.

After the Unicode Bidirectional Algorithm (https://www.unicode.org/reports/tr9/), for one line without embeddings.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from itertools import groupby
from typing import Final

from arabic_reshaper import reshape  # type: ignore[import-untyped]

_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MIRRORED: Final = str.maketrans("()[]{}<>", ")(][}{><")


class _Side(Enum):
    LEFT = "read from the left"
    RIGHT = "read from the right"
    NUMBER = "read from the left, and beside what is read from the right part of it"
    NONE = "as what is around it"


_STRONG: Final = (_Side.LEFT, _Side.RIGHT)


def from_left(text: str) -> str:
    """The same letters as they are drawn."""
    if all(_side(letter) is not _Side.RIGHT for letter in text):
        return text
    joined: str = reshape(text)
    levels = _levels(_with_brackets(joined, [_side(letter) for letter in joined]))
    drawn = [
        (level, letter.translate(_MIRRORED) if level % 2 else letter)
        for level, letter in zip(levels, joined, strict=True)
    ]
    for turned in range(max(levels), 0, -1):  # rule L2
        runs = [list(run) for _, run in groupby(drawn, key=lambda one: one[0] >= turned)]
        drawn = [one for run in runs for one in (reversed(run) if run[0][0] >= turned else run)]
    return "".join(letter for _, letter in drawn)


def _with_brackets(text: str, sides: list[_Side]) -> list[_Side]:
    """Brackets are read as the text is, unless all in them and what stands before them is not (rule N0)."""
    base = _base(sides)
    for pair in _BRACKETS.finditer(text):
        first, last = pair.span()
        inside = [side for side in sides[first:last] if side in _STRONG]
        before = next((side for side in reversed(sides[:first]) if side in _STRONG), base)
        if inside:
            sides[first] = sides[last - 1] = base if base in inside or before is base else inside[0]
    return sides


def _base(sides: Sequence[_Side]) -> _Side:
    """How the whole is read: as its first letter is."""
    return next(side for side in sides if side in _STRONG)


def _levels(sides: Sequence[_Side]) -> Sequence[int]:
    """How often each letter is turned: odd ones are read from the right."""
    base = _base(sides)
    known: list[_Side] = []
    for side in sides:
        strong = (before for before in reversed(known) if before in _STRONG)
        plain = side is _Side.NUMBER and next(strong, base) is _Side.LEFT  # rule W7
        known.append(_Side.LEFT if plain else side)
    settled = [_settled(known, place, base) for place in range(len(known))]
    inside = {_Side.RIGHT: 1, _Side.NUMBER: 2, _Side.LEFT: 2 if base is _Side.RIGHT else 0}
    return [inside[side] for side in settled]


def _settled(sides: Sequence[_Side], place: int, base: _Side) -> _Side:
    """A letter's side; what has none takes that of what is around it, or else the whole text's (rules N1 and N2)."""
    if sides[place] is not _Side.NONE:
        return sides[place]
    before = next((side for side in reversed(sides[:place]) if side is not _Side.NONE), base)
    after = next((side for side in sides[place:] if side is not _Side.NONE), base)
    around = {_Side.LEFT if side is _Side.LEFT else _Side.RIGHT for side in (before, after)}
    return base if len(around) > 1 else around.pop()


def _side(letter: str) -> _Side:
    match unicodedata.bidirectional(letter):
        case "L":
            return _Side.LEFT
        case "R" | "AL":
            return _Side.RIGHT
        case "EN" | "AN":
            return _Side.NUMBER
        case _:
            return _Side.NONE
