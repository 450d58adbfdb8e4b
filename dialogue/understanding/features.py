"""What is seen of a message and of each earlier one that it might answer, as numbers.

Distances are counted in lines, in seconds and in the channel's own pace, so that a channel with one message an hour can
be told like one with ten a minute. Everything is seen for all earlier lines at once; ``links.py`` weighs it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding.lines import (
    ADDRESSEES,
    AUTHOR,
    BEGAN,
    CONVERSATION,
    LATER,
    LATER_BY_SAME,
    MESSAGE,
    NOBODY,
    PARENT,
    PEOPLE,
    REPLIES,
    SINCE,
    TO,
    TOTAL,
    TRAITS,
    Codes,
    Floats,
    Lines,
    addressed,
    traits,
)
from dialogue.understanding.scene import PACE_UNKNOWN, Flags, Scene, scene_of
from dialogue.understanding.values import Judged, Prepared

NEAR: Final = 50
"""Lines back to which everybody's messages are considered; further back only one's own and those of people named."""

DISTANCE: Final = ("lines", "seconds", "paces", "the line before", "the second before", "the third before")
SPEAKERS: Final = (
    "own line",
    "is named or hinted at",
    "is named",
    "another is named",
    "names nobody here",
    "named the speaker",
    "hinted at the speaker",
    "names somebody",
    "names the same",
    "own line that names the same",
    "its speaker's later lines",
    "its speaker's last line",
)
TALK: Final = (
    "its conversation's later lines",
    "its conversation's last line",
    "lines since its conversation",
    "its conversation's lines",
    "its conversation's people",
    "only its speaker in it",
    "the speaker takes part",
    "whom it names takes part",
    "the speaker's last conversation",
    "the speaker's last line",
    "after the speaker's last line",
    "the speaker's lines since",
    "starts a conversation",
    "answers the speaker",
    "continues itself",
    "answers whom it names",
    "spoke to the speaker last",
    "was spoken to last",
    "answers to it",
    "unanswered",
)
WORDS: Final = ("words shared", "words shared with its conversation", "shares most words", "how many words")
COURSE: Final = (
    "the speaker's last line answered it",
    "answers the speaker's last line",
    "paces since its conversation",
    "conversation the speaker began",
    "conversation its speaker began",
    "answered by the speaker before",
    "answered the speaker before",
    "its speaker spoke on",
    "its speaker moved on",
)
PAIR: Final = (*DISTANCE, *SPEAKERS, *TALK, *WORDS, *COURSE)
ABOUT: Final = (
    "naming is usual",
    "pace",
    "conversations alive",
    "people about",
    "lines heard",
    "newcomer",
    "own last line",
    "paces since own last line",
    "names or hints at somebody here",
    "names somebody here",
    "names somebody else",
    "was spoken to",
    "silence",
    "most words shared",
)
COLUMNS: Final = (
    *PAIR,
    *ABOUT,
    *(f"it {trait}" for trait in TRAITS),
    *(f"the other {trait}" for trait in TRAITS),
    "starts anew",
    "how many options",
)

_LONG_AGO_LINES, _LONG_AGO_PACES = 5.0, 6.0
_THIRD: Final = 2

Columns = Sequence["Floats | Flags | NDArray[np.float64] | Codes"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a message may answer, latest first, and last that it starts anew.

    ``seen``: float32[len(parents) + 1, len(COLUMNS)].
    """

    parents: tuple[Judged, ...]
    seen: Floats


def options(lines: Lines, message: Prepared) -> Options:
    """Every possible parent, latest first, with what is seen of it."""
    own, lines = traits(message), lines.in_thread(message.heard.thread)
    if not lines.said:
        return Options((), _table(np.zeros((0, len(PAIR)), np.float32), _alone(message), own, lines.traits))
    scene = scene_of(lines, message)
    near = np.flatnonzero((np.arange(len(scene.said)) < NEAR) | scene.own | scene.named)
    pairs = np.empty((len(PAIR), len(scene.said)), np.float32)
    columns = (*_distance(scene), *_speakers(scene), *_talk(scene), *_words(scene), *_course(scene))
    for number, column in enumerate(columns):
        pairs[number] = column
    parents = tuple(scene.said[n] for n in near.tolist())
    return Options(parents, _table(pairs[:, near].T, _about(scene), own, lines.traits[::-1][near]))


def _table(pairs: Floats, about: Floats, own: Floats, spoken: Floats) -> Floats:
    """One row an option: the pair, what holds whichever it is, the message itself, the other one."""
    count, kinds, here, each = len(pairs), len(PAIR), len(ABOUT), len(TRAITS)
    seen = np.zeros((count + 1, len(COLUMNS)), np.float32)
    seen[:count, :kinds] = pairs
    seen[:, kinds : kinds + here] = about
    seen[:, kinds + here : kinds + here + each] = own
    seen[:count, kinds + here + each : -2] = spoken
    seen[count, -2] = 1.0
    seen[:, -1] = log(1 + count)
    return seen


def _distance(scene: Scene) -> Columns:
    lines = np.arange(len(scene.said))
    back = (lines == 0, lines == 1, lines == _THIRD)
    return (np.log1p(lines), np.log1p(scene.ago), np.log1p(scene.ago / scene.pace), *back)


def _speakers(scene: Scene) -> Columns:
    """How the two speakers stand to each other, by whom their messages name."""
    message, mine = scene.message, addressed(scene.message)
    addressees, later = scene.table[ADDRESSEES], scene.table[LATER_BY_SAME]
    alike, names, count = addressees == mine, message.names, len(scene.said)
    return (
        scene.own,
        scene.named,
        scene.hard,
        ~scene.named if scene.named.any() else np.zeros(count, bool),
        np.full(count, bool(message.addressees) and not scene.hard.any()),
        np.array([not names.isdisjoint(one.prepared.addressees) for one in scene.said]),
        np.array([not names.isdisjoint(one.prepared.hints) for one in scene.said]),
        addressees != NOBODY,
        alike if mine != NOBODY else np.zeros(count, bool),
        scene.own & alike,
        np.log1p(later),
        later == 0,
    )


def _talk(scene: Scene) -> Columns:
    """Where each line stands in its conversation, and who takes part in that."""
    table, last = scene.table, scene.last
    authors, talks, to, later, people = (table[row] for row in (AUTHOR, CONVERSATION, TO, LATER, PEOPLE))
    lines, nowhere = np.arange(len(scene.said)), np.zeros(len(scene.said), bool)
    return (
        np.log1p(later),
        later == 0,
        np.log1p(table[SINCE]),
        np.log1p(table[TOTAL]),
        people,
        people == 1,
        _among(talks, talks[scene.own]),
        _among(talks, talks[scene.named]),
        talks == talks[last] if last >= 0 else nowhere,
        lines == last,
        lines < last,
        np.log1p(np.cumsum(scene.own) - scene.own),
        table[PARENT] == NOBODY,
        to == scene.me,
        (to == authors) & (to != NOBODY),
        _among(to, authors[scene.named]),
        authors == scene.spoke_to_me,
        authors == scene.spoken_to,
        np.log1p(table[REPLIES]),
        table[REPLIES] == 0,
    )


def _among(codes: Codes, some: Codes) -> Flags:
    """Which of the codes are among some."""
    known = set(some.tolist())
    return np.array([one in known for one in codes.tolist()]) if known else np.zeros(len(codes), bool)


def _words(scene: Scene) -> Columns:
    shared = scene.shared
    return (shared, scene.in_talk, (shared > 0) & (shared >= shared.max()), scene.number)


def _course(scene: Scene) -> Columns:
    """How the talk went: who answered whom before, and whether its speaker went on to somebody else."""
    table, last, count = scene.table, scene.last, len(scene.said)
    authors, messages, parents, began = (table[row] for row in (AUTHOR, MESSAGE, PARENT, BEGAN))
    nowhere = np.zeros(count, bool)
    speakers, answered = authors.tolist(), table[TO].tolist()
    by_me = Counter(table[TO, scene.own].tolist())
    to_me = Counter(by for by, to in zip(speakers, answered, strict=True) if to == scene.me)
    return (
        messages == parents[last] if last >= 0 and parents[last] != NOBODY else nowhere,
        parents == messages[last] if last >= 0 else nowhere,
        np.log1p(scene.ago[np.minimum(table[SINCE], count - 1)] / scene.pace),
        began == scene.me,
        began == authors,
        np.log1p([by_me[by] for by in speakers]),
        np.log1p([to_me[by] for by in speakers]),
        np.concatenate((nowhere[:1], authors[1:] == authors[:-1])),
        _moved_on(speakers, answered, scene.me),
    )


def _moved_on(speakers: Sequence[int], answered: Sequence[int], me: int) -> Flags:
    """Whether the speaker of each line answered, in a later one, somebody else than the message's author."""
    gone: set[int] = set()
    moved = []
    for by, to in zip(speakers, answered, strict=True):
        moved.append(by in gone)
        if to not in (NOBODY, me):
            gone.add(by)
    return np.array(moved)


def _about(scene: Scene) -> Floats:
    """What holds whichever line is answered; in the order of ``ABOUT``."""
    table, last, hard = scene.table, scene.last, bool(scene.hard.any())
    return np.array(
        [
            (table[ADDRESSEES] != NOBODY).mean(),
            log(1 + scene.pace),
            len(set(table[CONVERSATION, :10].tolist())),
            len(set(table[AUTHOR, :20].tolist())),
            log(1 + len(scene.said)),
            last < 0,
            log(1 + last) if last >= 0 else _LONG_AGO_LINES,
            log(1 + scene.ago[last] / scene.pace) if last >= 0 else _LONG_AGO_PACES,
            scene.named.any(),
            hard,
            bool(scene.message.addressees) and not hard,
            scene.spoke_to_me != NOBODY,
            log(1 + scene.ago[0] / scene.pace),
            scene.shared.max(),
        ],
        np.float32,
    )


def _alone(message: Prepared) -> Floats:
    """:func:`_about` where nobody spoke before."""
    nothing = [0.0, log(1 + PACE_UNKNOWN), 0.0, 0.0, 0.0, 1.0, _LONG_AGO_LINES, _LONG_AGO_PACES, 0.0, 0.0]
    return np.array([*nothing, bool(message.addressees), 0.0, _LONG_AGO_LINES, 0.0], np.float32)
