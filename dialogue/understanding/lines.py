"""What people said lately in a lane, as columns, so that a message is compared with all of it at once."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count
from math import log
from typing import Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding import rows
from dialogue.understanding.index import Index, Places
from dialogue.understanding.rows import MOST
from dialogue.understanding.standing import Standing
from dialogue.understanding.values import Judged, Prepared, Sign
from knowledge_base.ids import MessageId

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]
Key = TypeVar("Key", bound=Hashable)

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

_ENDS: Final = frozenset(".!)")
_TRAITS_KEPT: Final = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The last ``MOST`` lines, latest first, at the same place everywhere. Nothing is changed once it is here.

    ``standing``: who answered whom. ``index``: where words and names stand, by the number of the line; ``heard``: the
    number of the next one. ``naming`` and ``threaded``: rows of flags (``rows.py``) of what names somebody and what is
    in a thread. ``seconds``: float64[n], since the epoch. ``traits``: float32[len(TRAITS), n]. ``places``: where only
    some lines are left, the place among them of every line, -1 for none.
    """

    said: tuple[Judged, ...]
    standing: Standing
    index: Index
    heard: int
    naming: bytes
    threaded: bytes
    seconds: NDArray[np.float64]
    traits: Floats
    places: tuple[int, ...] | None = None

    @classmethod
    def none(cls) -> Self:
        """Before anybody spoke."""
        traits = np.zeros((len(TRAITS), 0), np.float32)
        return cls((), Standing({}, {}), Index.none(), 0, b"", b"", np.zeros(0), traits)

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> "Lines":
        """The last ``MOST`` of these, oldest first, that people said."""
        lines = cls.none()
        for one in [one for one in judged if one.by_person][-MOST:]:
            lines = lines.after(one)
        return lines

    def after(self, judged: Judged) -> "Lines":
        """With one more, and at most ``MOST``."""
        message, kept = judged.prepared, min(len(self.said), MOST - 1)
        full = kept < len(self.said)
        standing = self._older() if full else self.standing
        answered = self.having(self.index.messages, judged.reply_to) if judged.reply_to is not None else []
        seconds = np.empty(kept + 1)
        seconds[0], seconds[1:] = message.seconds, self.seconds[:kept]
        spoken = np.empty((len(TRAITS), kept + 1), np.float32)
        spoken[:, 0], spoken[:, 1:] = traits(message), self.traits[:, :kept]
        return Lines(
            (judged, *self.said[:kept]),
            standing.after(judged, [place for place in answered if place < kept]),
            self.index.since(self.heard - kept).after(judged, self.heard),
            self.heard + 1,
            bytes((bool(message.addressees),)) + self.naming[:kept],
            bytes((judged.thread is not None,)) + self.threaded[:kept],
            seconds,
            spoken,
        )

    def without_first(self) -> "Lines":
        """Without the oldest."""
        index = self.index.since(self.heard - len(self.said) + 1)
        naming, threaded, seconds, spoken = self.naming[:-1], self.threaded[:-1], self.seconds[:-1], self.traits[:, :-1]
        return Lines(self.said[:-1], self._older(), index, self.heard, naming, threaded, seconds, spoken)

    def in_thread(self, thread: MessageId | None) -> "Lines":
        """Those that were said in a thread, or outside of any; what they count stays as it is."""
        if thread is None and 1 not in self.threaded:
            return self
        here = [one.thread == thread for one in self.said]
        flags, left = bytes(here), count()
        return Lines(
            tuple(compress(self.said, here)),
            self.standing.narrowed(flags),
            self.index,
            self.heard,
            rows.picked(self.naming, flags),
            rows.picked(self.threaded, flags),
            self.seconds[here],
            self.traits[:, here],
            tuple([next(left) if is_here else -1 for is_here in here]),
        )

    def with_last(self, judged: Judged) -> "Lines":
        """With another last line, of which only what nobody compares is different."""
        said, kept = (judged, *self.said[1:]), (self.naming, self.threaded, self.seconds, self.traits, self.places)
        return Lines(said, self.standing, self.index, self.heard, *kept)

    def having(self, known: Places[Key], key: Key) -> list[int]:
        """The places of the lines that have a word or a name, by a part of the index; latest last."""
        latest = self.heard - 1
        if self.places is None:
            return [latest - number for number in known.get(key)]
        found = [self.places[latest - number] for number in known.get(key)]
        return [place for place in found if place >= 0]

    def having_any(self, known: Places[Key], keys: Iterable[Key]) -> tuple[Numbers, Numbers]:
        """The same for many words at once: the places, and at each the number of the word, counted from 0."""
        numbers, times = list[int](), list[int]()
        for key in keys:
            found = known.get(key)
            if found:
                numbers.extend(found)
                times.append(len(found))
        places, which = self.heard - 1 - np.array(numbers, np.intp), np.repeat(np.arange(len(times)), times)
        if self.places is None or not numbers:
            return places, which
        places = np.array(self.places)[places]
        return places[places >= 0], which[places >= 0]

    def _older(self) -> Standing:
        """Who answered whom, without the oldest line."""
        gone, answered = self.said[-1], self.standing.replies[-1]
        orphans = self.having(self.index.answers, gone.prepared.heard.id) if answered else ()
        return self.standing.without_oldest(gone, orphans)


def traits(message: Prepared) -> Floats:
    """What a message is like whatever stands around it, float32[len(TRAITS)]; not to be changed."""
    text = message.heard.text
    end = text[-40:].rstrip()[-1:]
    linked = "http" in text or "www." in text
    return _traits(
        message.signs, message.length, bool(message.addressees), linked, end == "?", end in _ENDS, text[:1].islower()
    )


@lru_cache(_TRAITS_KEPT)
def _traits(signs: frozenset[Sign], length: int, *others: bool) -> Floats:
    measured = np.array([*(sign in signs for sign in Sign), log(1 + length), *others, length == 0], np.float32)
    measured.flags.writeable = False
    return measured
