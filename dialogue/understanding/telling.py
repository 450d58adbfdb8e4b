"""Why a link was chosen, in words: what was seen of it, and how much likelier each thing made it."""

from collections.abc import Callable, Sequence
from math import expm1
from typing import Final

import numpy as np

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
_ASKED: Final = f"the other {Sign.ASKS.value}"
_ASKS: Final = f"it {Sign.ASKS.value}"


def reasons(chosen: Floats, usual: Floats, score: Callable[[Floats], Floats]) -> tuple[Reason, ...]:
    """The things seen of the chosen option that say most, strongest first.

    ``chosen``: float32[len(COLUMNS)]; ``usual``: the same of an average option; ``score``: how much speaks for each of
    several rows. A reason's weight is by how much the score falls where that thing is as usual.
    """
    seen = _start_seen(chosen) if _has(chosen, "starts anew") else _parent_seen(chosen)
    rows = np.repeat(chosen[None], len(seen) + 1, axis=0)
    for row, (_, columns) in enumerate(seen, start=1):
        places = [_PLACE[column] for column in columns]
        rows[row, places] = usual[places]
    scored = score(rows)
    told = [
        Reason(said, round(float(scored[0] - without), 2)) for (said, _), without in zip(seen, scored[1:], strict=True)
    ]
    return tuple(sorted(told, key=lambda reason: -reason.weight)[:_TOLD])


Seen = tuple[str, Sequence[str]]


def _parent_seen(row: Floats) -> list[Seen]:
    back = round(expm1(float(row[_PLACE["lines"]]))) + 1
    return [
        (_speakers(row), _SPEAKERS),
        ("the line before" if back == 1 else f"{back} lines before", ("lines", *BACK)),
        (_paces(row), ("seconds", "paces", "paces since its conversation")),
        (_talk(row), _TALK),
        (_words(row), WORDS),
        (f"follows {'a question' if _has(row, _ASKED) else 'what was said'}", _OTHERS),
        ("asks" if _has(row, _ASKS) else "tells", _ITS),
        ("as that talk went before", _COURSE),
    ]


def _start_seen(row: Floats) -> list[Seen]:
    return [
        ("a newcomer" if _has(row, "newcomer") else "spoke before", ("newcomer", "own last line")),
        ("asks" if _has(row, _ASKS) else "tells", _ITS),
        (_named(row), ABOUT[8:11]),
        ("after a silence" if row[_PLACE["silence"]] > 1 else "amid talk", ("silence", "paces since own last line")),
        ("words nobody used lately" if not row[_PLACE["most words shared"]] else "words used lately", ABOUT[13:]),
        ("how this channel talks", ABOUT[:5]),
    ]


def _speakers(row: Floats) -> str:
    if _has(row, "own line"):
        return "the speaker's own line"
    if _has(row, "is named"):
        return "names its speaker"
    if _has(row, "is named or hinted at"):
        return "perhaps names its speaker"
    if _has(row, "named the speaker"):
        return "had named the speaker"
    return "names another" if _has(row, "another is named") else "names nobody"


def _named(row: Floats) -> str:
    return "names somebody" if any(row[_PLACE[column]] for column in ABOUT[8:11]) else "names nobody"


def _paces(row: Floats) -> str:
    paces = expm1(float(row[_PLACE["paces"]]))
    return "at once" if paces < 1 else f"after {paces:.0f} times the usual pause"


def _talk(row: Floats) -> str:
    place = "the last" if _has(row, "its conversation's last line") else "an earlier line"
    part = "takes part in" if _has(row, "the speaker takes part") else "is new to"
    return f"{place} of a conversation that the speaker {part}"


def _words(row: Floats) -> str:
    return "rare words in common" if row[_PLACE["words shared"]] > 0 else "no rare words in common"


def _has(row: Floats, column: str) -> bool:
    return bool(row[_PLACE[column]] > 0)
