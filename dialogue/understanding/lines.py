"""What people said lately in a lane, as columns, so that a message is compared with all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding.values import Judged, Prepared, Sign
from knowledge_base.ids import MessageId

MOST: Final = 80
"""How many lines of people are compared with the next one."""

Floats = NDArray[np.float32]
Codes = NDArray[np.int64]

NOBODY: Final = 0
"""The code of what is not there."""

AUTHOR, CONVERSATION, MESSAGE, PARENT, THREAD, ADDRESSEES, TO, BEGAN = range(8)
"""Rows of :attr:`Lines.table` that hold codes. ``TO``: the author of the parent; ``BEGAN``: who began the conversation;

both only as far as that line is among these."""

SINCE, LATER, LATER_BY_SAME, TOTAL, PEOPLE, REPLIES = range(8, 14)
"""Rows that count: lines since the conversation's last, its later lines, the speaker's later lines, all lines of the

conversation, the people in it, and what answers this line."""

_ROWS: Final = 14

TRAITS: Final = (
    *(sign.value for sign in Sign),
    "length",
    "names somebody",
    "has a link",
    "ends with a question mark",
    "ends a sentence",
    "begins small",
    "has no words",
)
"""What :func:`traits` measures, in its order."""

_MEASURED: Final = 7
_ENDS: Final = frozenset(".!)")


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The last lines, oldest first, at the same place in each column. Arrays are never changed once they are here.

    ``table``: int64[14, n], by the rows above. ``seconds``: float64[n], since the epoch. ``traits``:
    float32[n, len(TRAITS)].
    """

    said: tuple[Judged, ...]
    table: Codes
    seconds: NDArray[np.float64]
    traits: Floats

    @classmethod
    def none(cls) -> Self:
        """Before anybody spoke."""
        return cls((), np.zeros((_ROWS, 0), np.int64), np.zeros(0), np.zeros((0, len(TRAITS)), np.float32))

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> "Lines":
        """The last ``MOST`` of these that people said."""
        lines = cls.none()
        for one in [one for one in judged if one.by_person][-MOST:]:
            lines = lines.after(one)
        return lines

    def after(self, judged: Judged) -> "Lines":
        """With one more, and at most ``MOST``."""
        if len(self.said) == MOST:
            return self.without_first().after(judged)
        return Lines(
            (*self.said, judged),
            _grown(self.table, judged),
            np.append(self.seconds, judged.prepared.seconds),
            np.concatenate((self.traits, traits(judged.prepared)[None])),
        )

    def without_first(self) -> "Lines":
        """Without the oldest."""
        return Lines(self.said[1:], _shortened(self.table), self.seconds[1:], self.traits[1:])

    def in_thread(self, thread: MessageId | None) -> "Lines":
        """Those that were said in a thread, or outside of any; what they count stays as it is."""
        here = self.table[THREAD] == code_of(thread)
        if here.all():
            return self
        said = tuple(one for one, is_here in zip(self.said, here.tolist(), strict=True) if is_here)
        return Lines(said, self.table[:, here], self.seconds[here], self.traits[here])

    def with_last(self, judged: Judged) -> "Lines":
        """With another last line that compares as the one before."""
        return Lines((*self.said[:-1], judged), self.table, self.seconds, self.traits)


def code(value: object) -> int:
    """A number that equal values share in this process; two different ones hardly ever do."""
    return hash(value)


def code_of(value: object | None) -> int:
    """The same, and ``NOBODY`` for None."""
    return NOBODY if value is None else hash(value)


def addressed(message: Prepared) -> int:
    """The code of all whom a message names, taken together."""
    return code(message.addressees) if message.addressees else NOBODY


def traits(message: Prepared) -> Floats:
    """What a message is like whatever stands around it, float32[len(TRAITS)]."""
    text = message.heard.text
    end = text[-40:].rstrip()[-1:]
    measured = _cues(message.signs).copy()
    measured[-_MEASURED:] = (
        log(1 + message.length),
        bool(message.addressees),
        "http" in text or "www." in text,
        end == "?",
        end in _ENDS,
        text[:1].islower(),
        message.length == 0,
    )
    return measured


@cache
def _cues(signs: frozenset[Sign]) -> Floats:
    held = [*(sign in signs for sign in Sign), *[False] * _MEASURED]
    return np.array(held, np.float32)


def _grown(table: Codes, judged: Judged) -> Codes:
    """The table with one more line, and what that changes for those before it."""
    count, message = table.shape[1], judged.prepared
    grown = np.empty((_ROWS, count + 1), np.int64)
    grown[:, :count] = table
    old = grown[:, :count]
    author, conversation, parent = code(judged.author), code(judged.conversation), code_of(judged.reply_to)
    same, by_same = old[CONVERSATION] == conversation, old[AUTHOR] == author
    old[SINCE] += 1
    old[SINCE, same] = 0
    old[LATER] += same
    old[LATER_BY_SAME] += by_same
    total, people, began = 1, 1, author
    if same.any():
        first = int(same.argmax())
        total, people, began = (int(old[row, first]) for row in (TOTAL, PEOPLE, BEGAN))
        total, people = total + 1, people + (not (same & by_same).any())
        old[TOTAL, same], old[PEOPLE, same] = total, people
    to = NOBODY
    if parent != NOBODY:
        answered = old[MESSAGE] == parent
        old[REPLIES] += answered
        to = int(old[AUTHOR, answered.argmax()]) if answered.any() else NOBODY
    ids = (code(message.heard.id), parent, code_of(judged.thread), addressed(message), to, began)
    grown[:, count] = (author, conversation, *ids, 0, 0, 0, total, people, 0)
    return grown


def _shortened(table: Codes) -> Codes:
    """The table without its oldest line, and what that changes for those after it."""
    gone, left = table[:, 0], table[:, 1:].copy()
    same = left[CONVERSATION] == gone[CONVERSATION]
    if same.any():
        left[TOTAL, same] -= 1
        left[BEGAN, same] = left[AUTHOR, same.argmax()]
        if not (same & (left[AUTHOR] == gone[AUTHOR])).any():
            left[PEOPLE, same] -= 1
    left[TO, left[PARENT] == gone[MESSAGE]] = NOBODY
    return left
