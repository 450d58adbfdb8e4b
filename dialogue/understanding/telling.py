"""Why a link was chosen, in words: what was seen of it, and how much likelier each thing made it."""

from collections.abc import Callable, Sequence
from math import expm1
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding.features import ABOUT, BACK, COLUMNS, COURSE, SPEAKERS, TALK, WORDS
from dialogue.understanding.lines import TRAITS, Floats
from dialogue.understanding.values import Reason, Sign

_TOLD: Final = 3
_SPEAKERS: Final = (*SPEAKERS, "its speaker's later lines", "its speaker's last line")
_TALK: Final = (
    *TALK,
    "its conversation's later lines",
    "its conversation's last line",
    "lines since its conversation",
    "its conversation's lines",
    "its conversation's people",
    "the speaker's lines since",
    "answers to it",
    "unanswered",
)
_COURSE: Final = (*COURSE, "answered by the speaker before", "answered the speaker before")
_PLACE: Final = {column: number for number, column in enumerate(COLUMNS)}
_ITS: Final = tuple(f"it {trait}" for trait in TRAITS)
_OTHERS: Final = tuple(f"the other {trait}" for trait in TRAITS)
Row = Sequence[float]
"""What is seen of one option, in the order of ``COLUMNS``."""
_ASKED: Final = f"the other {Sign.ASKS.value}"
_ASKS: Final = f"it {Sign.ASKS.value}"


def reasons(chosen: Floats, usual: Floats, score: Callable[[Floats], Floats]) -> tuple[Reason, ...]:
    """The things seen of the chosen option that say most, strongest first.

    ``chosen``: float32[len(COLUMNS)]; ``usual``: the same of an average option; ``score``: how much speaks for each of
    several rows. A reason's weight is by how much the score falls where that thing is as usual.
    """
    row = chosen.tolist()
    said, hidden = (_start_said(row), _OF_START) if _has(row, "starts anew") else (_parent_said(row), _OF_PARENT)
    scored = score(np.where(hidden, usual, chosen))
    weights: list[float] = (scored[0] - scored[1:]).tolist()
    told = [Reason(thing, round(weight, 2)) for thing, weight in zip(said, weights, strict=True)]
    return tuple(sorted(told, key=lambda reason: -reason.weight)[:_TOLD])


def _hidden(things: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
    """Which columns are as usual: none in the first row, those of one thing in each other."""
    hidden = np.zeros((len(things) + 1, len(COLUMNS)), np.bool_)
    for row, columns in enumerate(things, start=1):
        hidden[row, [_PLACE[column] for column in columns]] = True
    return hidden


_OF_PARENT: Final = _hidden(
    (
        _SPEAKERS,
        ("lines", *BACK),
        ("seconds", "paces", "paces since its conversation"),
        _TALK,
        WORDS,
        _OTHERS,
        _ITS,
        _COURSE,
    )
)
_OF_START: Final = _hidden(
    (
        ("newcomer", "own last line"),
        _ITS,
        ABOUT[8:11],
        ("silence", "paces since own last line"),
        ABOUT[13:],
        ABOUT[:5],
    )
)


def _parent_said(row: Row) -> Sequence[str]:
    """In the order of ``_OF_PARENT``."""
    back = round(expm1(row[_PLACE["lines"]])) + 1
    return (
        _speakers(row),
        "the line before" if back == 1 else f"{back} lines before",
        _paces(row),
        _talk(row),
        _words(row),
        f"follows {'a question' if _has(row, _ASKED) else 'what was said'}",
        "asks" if _has(row, _ASKS) else "tells",
        "as that talk went before",
    )


def _start_said(row: Row) -> Sequence[str]:
    """In the order of ``_OF_START``."""
    return (
        "a newcomer" if _has(row, "newcomer") else "spoke before",
        "asks" if _has(row, _ASKS) else "tells",
        _named(row),
        "after a silence" if row[_PLACE["silence"]] > 1 else "amid talk",
        "words nobody used lately" if not row[_PLACE["most words shared"]] else "words used lately",
        "how this channel talks",
    )


def _speakers(row: Row) -> str:
    if _has(row, "own line"):
        return "the speaker's own line"
    if _has(row, "is named"):
        return "names its speaker"
    if _has(row, "is named or hinted at"):
        return "perhaps names its speaker"
    if _has(row, "named the speaker"):
        return "had named the speaker"
    return "names another" if _has(row, "another is named") else "names nobody"


def _named(row: Row) -> str:
    return "names somebody" if any(row[_PLACE[column]] for column in ABOUT[8:11]) else "names nobody"


def _paces(row: Row) -> str:
    paces = expm1(row[_PLACE["paces"]])
    return "at once" if paces < 1 else f"after {paces:.0f} times the usual pause"


def _talk(row: Row) -> str:
    place = "the last" if _has(row, "its conversation's last line") else "an earlier line"
    part = "takes part in" if _has(row, "the speaker takes part") else "is new to"
    return f"{place} of a conversation that the speaker {part}"


def _words(row: Row) -> str:
    return "rare words in common" if row[_PLACE["words shared"]] > 0 else "no rare words in common"


def _has(row: Row, column: str) -> bool:
    return row[_PLACE[column]] > 0
