"""The lines that a message may answer, and how they stand to the message."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding.lines import AUTHOR, CONVERSATION, NOBODY, TO, Codes, Lines, code
from dialogue.understanding.values import Judged, Prepared

PACE_UNKNOWN: Final = 30.0
"""The least seconds between two speakers' lines that are taken as usual where too few were heard."""

_PACE_LINES, _PACE_TURNS = 24, 3

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Lines latest first, and what holds of them. ``table``: as :attr:`Lines.table`, reversed like the rest.

    ``me``: the code of the message's author. ``named``: whose lines it may speak to, ``hard``: surely. ``last``: where
    the author's own last line is, -1 for nowhere. ``shared``, ``in_talk``: float64[n], the words in common with each
    line and with its conversation, weighed by how rare they are here; ``number``: how many.
    """

    message: Prepared
    said: Sequence[Judged]
    table: Codes
    ago: NDArray[np.float64]
    pace: float
    me: int
    own: Flags
    named: Flags
    hard: Flags
    last: int
    spoke_to_me: int
    spoken_to: int
    shared: NDArray[np.float64]
    in_talk: NDArray[np.float64]
    number: NDArray[np.float64]


def scene_of(lines: Lines, message: Prepared) -> Scene:
    """How these lines stand to the message; there is at least one."""
    said, table, seconds = lines.said[::-1], lines.table[:, ::-1], lines.seconds[::-1]
    me = code(message.heard.author)
    own = table[AUTHOR] == me
    named, hard = _named(said, message)
    shared, in_talk, number = _words(said, table[CONVERSATION], message)
    return Scene(
        message=message,
        said=said,
        table=table,
        ago=np.maximum(0.0, message.seconds - seconds),
        pace=_pace(table[AUTHOR], seconds, message),
        me=me,
        own=own,
        named=named,
        hard=hard,
        last=int(own.argmax()) if own.any() else -1,
        spoke_to_me=_spoke_to_me(said, table, message, me),
        spoken_to=_spoken_to(table, own, me),
        shared=shared,
        in_talk=in_talk,
        number=number,
    )


def _named(said: Sequence[Judged], message: Prepared) -> tuple[Flags, Flags]:
    """Whose lines are spoken to: by name or by a word that may be their name, and surely by name."""
    spoken_to = message.addressees | message.hints
    nobody = np.zeros(len(said), bool)
    if not spoken_to:
        return nobody, nobody
    me = message.heard.author
    meant = {one.author: one for one in said if not spoken_to.isdisjoint(one.prepared.names) and one.author != me}
    if not meant:
        return nobody, nobody
    sure = {author for author, one in meant.items() if not message.addressees.isdisjoint(one.prepared.names)}
    named = np.array([one.author in meant for one in said])
    return named, np.array([one.author in sure for one in said]) if sure else nobody


def _pace(authors: Codes, seconds: NDArray[np.float64], message: Prepared) -> float:
    """The usual time between two speakers' lines, in seconds: the mean without the longest fifth, which are nights.

    Lines that one person writes in a row are one turn and say nothing about the channel's pace. As long as it is not
    known, the present silence is taken for usual.
    """
    lately, by = seconds[:_PACE_LINES], authors[:_PACE_LINES]
    gaps = (lately[:-1] - lately[1:])[by[:-1] != by[1:]]
    if len(gaps) < _PACE_TURNS:
        return max(PACE_UNKNOWN, message.seconds - float(seconds[0]))
    gaps.sort()
    kept = gaps[: len(gaps) - len(gaps) // 5]
    return max(1.0, float(np.maximum(kept, 0.0).sum()) / len(kept))


def _spoke_to_me(said: Sequence[Judged], table: Codes, message: Prepared, me: int) -> int:
    """The code of whoever spoke to the message's author last."""
    names = message.names
    for one, author, to in zip(said, table[AUTHOR].tolist(), table[TO].tolist(), strict=True):
        if author != me and (to == me or not names.isdisjoint(one.prepared.addressees)):
            return int(author)
    return NOBODY


def _spoken_to(table: Codes, own: Flags, me: int) -> int:
    """The code of whom the message's author answered last."""
    for to in table[TO, own].tolist():
        if to not in (NOBODY, me):
            return int(to)
    return NOBODY


def _words(said: Sequence[Judged], talks: Codes, message: Prepared) -> tuple[NDArray[np.float64], ...]:
    """See :class:`Scene`: the words shared with each line and with its conversation, and how many."""
    count = len(said)
    shared, in_talk, number = np.zeros((3, count))
    mine = message.words
    both = [mine & one.prepared.words for one in said] if mine else []
    having = Counter(chain.from_iterable(both))
    if not having:
        return shared, in_talk, number
    rarity = {word: log((count + 1) / times) for word, times in having.items()}
    by_talk: dict[int, set[int]] = {}
    for line, words in enumerate(both):
        if words:
            shared[line] = sum([rarity[word] for word in words])
            number[line] = len(words)
            by_talk.setdefault(int(talks[line]), set()).update(words)
    for talk, together in by_talk.items():
        in_talk[talks == talk] = sum([rarity[word] for word in together])
    return shared, in_talk, number
