"""What is seen of a message and of each earlier one that it might answer, as numbers.

Distances are counted in lines, in seconds and in the channel's own pace, so that a channel with one message an hour can
be told like one with ten a minute. Everything is seen for all earlier lines at once; ``links.py`` weighs it.
"""

from collections.abc import Sequence
from math import log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding import rows
from dialogue.understanding.lines import TRAITS, Floats, Lines, traits
from dialogue.understanding.rows import MOST
from dialogue.understanding.scene import PACE_UNKNOWN, Scene, scene_of
from dialogue.understanding.standing import NOBODY
from dialogue.understanding.values import Judged, Prepared

NEAR: Final = 50
"""Lines back to which everybody's messages are considered; further back only one's own and those of people named."""

BACK: Final = ("the line before", "the second before", "the third before")
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
)
TALK: Final = (
    "only its speaker in it",
    "the speaker takes part",
    "whom it names takes part",
    "the speaker's last conversation",
    "the speaker's last line",
    "after the speaker's last line",
    "starts a conversation",
    "answers the speaker",
    "continues itself",
    "answers whom it names",
    "spoke to the speaker last",
    "was spoken to last",
)
COURSE: Final = (
    "the speaker's last line answered it",
    "answers the speaker's last line",
    "conversation the speaker began",
    "conversation its speaker began",
    "its speaker spoke on",
    "its speaker moved on",
)
LAST: Final = ("its speaker's last line", "its conversation's last line", "unanswered")
FLAGS: Final = (*BACK, *SPEAKERS, *TALK, *COURSE, *LAST)
COUNTS: Final = (
    "its speaker's later lines",
    "its conversation's later lines",
    "answers to it",
    "lines since its conversation",
    "its conversation's lines",
    "the speaker's lines since",
    "answered by the speaker before",
    "answered the speaker before",
    "lines",
)
SPANS: Final = ("seconds", "paces", "paces since its conversation")
WORDS: Final = ("words shared", "words shared with its conversation", "shares most words", "how many words")
EACH: Final = (
    *FLAGS,
    "its conversation's people",
    *COUNTS,
    *SPANS,
    *WORDS,
    *(f"the other {trait}" for trait in TRAITS),
    "starts anew",
)
"""What is seen of each option."""

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
HERE: Final = (*ABOUT, *(f"it {trait}" for trait in TRAITS), "how many options")
"""What holds whichever option is taken."""

COLUMNS: Final = (*EACH, *HERE)

_COUNTED: Final = len(FLAGS) + 1
_SPANNED: Final = _COUNTED + len(COUNTS)
_SAID: Final = _SPANNED + len(SPANS)
_LIKE: Final = _SAID + len(WORDS)
_LONG_AGO_LINES, _LONG_AGO_PACES = 5.0, 6.0
_ALIVE, _AROUND = 10, 20
"""Lines, the last ones, that are counted for conversations alive and people about."""

_PLACES: Final = bytes(range(MOST))
_LOGARITHMS: Final = np.log1p(np.arange(256)).astype(np.float32)
"""Of 1 and a count."""


class Options(NamedTuple):
    """What a message may answer, latest first, and last that it starts anew.

    ``each``: float32[len(EACH), len(parents) + 1]. ``here``: float32[len(HERE), 1].
    """

    parents: tuple[Judged, ...]
    each: Floats
    here: Floats

    @property
    def seen(self) -> Floats:
        """All in one, a row an option: float32[len(parents) + 1, len(COLUMNS)]."""
        return np.hstack((self.each.T, np.repeat(self.here.T, len(self.parents) + 1, axis=0)))


def options(lines: Lines, message: Prepared) -> Options:
    """Every possible parent, latest first, with what is seen of it."""
    lines = lines.in_thread(message.heard.thread)
    count = len(lines.said)
    each = np.zeros((len(EACH), count + 1), np.float32)
    each[-1, -1] = 1.0
    if not count:
        return Options((), each, _here(_alone(message), message, 0))
    scene = scene_of(lines, message)
    standing, since = scene.standing, scene.standing.since
    flags = (*_back(count), *_speakers(scene), *_talk(scene), *_course(scene), *_last(scene))
    each[:_COUNTED, :count] = _table((*flags, standing.within.translate(standing.members)))
    each[_COUNTED:_SPANNED, :count] = _LOGARITHMS[_table(_counts(scene))]
    each[_SPANNED:_SAID, :count] = _spans(scene.ago, scene.pace, np.frombuffer(since, np.uint8))
    each[_SAID:_LIKE, :count] = scene.words
    each[_LIKE:-1, :count] = lines.traits
    parents = lines.said
    if count > NEAR:
        far = [place + NEAR for place in rows.places(rows.either(scene.own[NEAR:], scene.named[NEAR:]))]
        each, parents = each[:, [*range(NEAR), *far, count]], (*parents[:NEAR], *[parents[place] for place in far])
    return Options(parents, each, _here(_about(scene), message, len(parents)))


def _table(columns: Sequence[bytes]) -> NDArray[np.uint8]:
    """Rows of the same length as an array."""
    return np.frombuffer(b"".join(columns), np.uint8).reshape(len(columns), -1)


def _back(count: int) -> list[bytes]:
    """In the order of ``BACK``."""
    return [rows.equal(_PLACES[:count], place) for place in range(len(BACK))]


def _speakers(scene: Scene) -> tuple[bytes, ...]:
    """How the two speakers stand to each other, by whom their messages name; in the order of ``SPEAKERS``."""
    nobody, names = bytes(len(scene.own)), scene.message.addressees
    return (
        scene.own,
        scene.named,
        scene.hard,
        rows.none(scene.named) if 1 in scene.named else nobody,
        rows.none(nobody) if names and 1 not in scene.hard else nobody,
        scene.named_me,
        scene.hinted_me,
        scene.naming,
        scene.names_the_same,
        rows.both(scene.own, scene.names_the_same if names else rows.none(scene.naming)),
    )


def _talk(scene: Scene) -> tuple[bytes, ...]:
    """Where each line stands in its conversation, and who takes part in that; in the order of ``TALK``."""
    standing, last, nowhere = scene.standing, scene.last, bytes(len(scene.own))
    authors, talks, to = standing.authors, standing.within, standing.to
    names_some = 1 in scene.named
    after_last = b"\1" * last + nowhere[last:] if last >= 0 else nowhere
    return (
        rows.equal(talks.translate(standing.members), 1),
        _among(talks, rows.only(talks, scene.own)) if last >= 0 else nowhere,
        _among(talks, rows.only(talks, scene.named)) if names_some else nowhere,
        rows.equal(talks, talks[last]) if last >= 0 else nowhere,
        rows.equal(_PLACES[: len(nowhere)], last),
        after_last,
        standing.starts,
        rows.equal(to, scene.me),
        rows.same(to, authors),
        _among(to, rows.only(authors, scene.named)) if names_some else nowhere,
        rows.equal(authors, scene.spoke_to_me),
        rows.equal(authors, scene.spoken_to),
    )


def _among(row: bytes, numbers: bytes) -> bytes:
    return rows.among(row, set(numbers) - {NOBODY})


def _course(scene: Scene) -> tuple[bytes, ...]:
    """How the talk went: who answered whom before, and whether its speaker went on to somebody else.

    In the order of ``COURSE``.
    """
    standing, count = scene.standing, len(scene.own)
    authors, began = standing.authors, standing.within.translate(standing.began)
    return (
        rows.flagged(count, scene.answered),
        rows.flagged(count, scene.answers),
        rows.equal(began, scene.me),
        rows.same(began, authors),
        b"\0" + rows.same(authors[1:], authors[:-1]),
        _moved_on(authors, standing.to, scene.me),
    )


def _moved_on(authors: bytes, to: bytes, me: int) -> bytes:
    """Whether the speaker of each line answered, in a later one, somebody else than the message's author."""
    elsewhere = rows.only(authors, rows.among(to, set(to) - {NOBODY, me}))
    first = bytearray(b"\x7f" * 256)
    for author in set(elsewhere) - {NOBODY}:
        first[author] = elsewhere.find(author)
    return rows.beyond(authors.translate(first))


def _last(scene: Scene) -> list[bytes]:
    """In the order of ``LAST``."""
    standing = scene.standing
    return [rows.none(row) for row in (standing.later_by_same, standing.later, standing.replies)]


def _counts(scene: Scene) -> tuple[bytes, ...]:
    """In the order of ``COUNTS``."""
    standing, me = scene.standing, scene.me
    authors, to = standing.authors, standing.to
    return (
        standing.later_by_same,
        standing.later,
        standing.replies,
        standing.since,
        standing.within.translate(standing.totals),
        rows.counted(scene.own),
        authors.translate(_often(rows.only(to, scene.own))),
        authors.translate(_often(rows.only(authors, rows.equal(to, me)))),
        _PLACES[: len(authors)],
    )


def _often(row: bytes) -> bytes:
    """A table of how often each number is in a row."""
    table = bytearray(256)
    for number in set(row):
        table[number] = row.count(number)
    return bytes(table)


def _spans(ago: NDArray[np.float64], pace: float, since: NDArray[np.uint8]) -> NDArray[np.float64]:
    """In the order of ``SPANS``."""
    paces = ago / pace
    spans: NDArray[np.float64] = np.log1p(np.concatenate((ago, paces, paces[np.minimum(since, len(ago) - 1)])))
    return spans.reshape(len(SPANS), -1)


def _here(about: list[float], message: Prepared, count: int) -> Floats:
    here = np.empty((len(HERE), 1), np.float32)
    here[: len(ABOUT), 0] = about
    here[len(ABOUT) : -1, 0] = traits(message)
    here[-1] = log(1 + count)
    return here


def _about(scene: Scene) -> list[float]:
    """What holds whichever line is answered; in the order of ``ABOUT``."""
    standing, last, hard = scene.standing, scene.last, 1 in scene.hard
    count = len(scene.own)
    return [
        scene.naming.count(1) / count,
        log(1 + scene.pace),
        len(set(standing.within[:_ALIVE])),
        len(set(standing.authors[:_AROUND])),
        log(1 + count),
        last < 0,
        log(1 + last) if last >= 0 else _LONG_AGO_LINES,
        log(1 + float(scene.ago[last]) / scene.pace) if last >= 0 else _LONG_AGO_PACES,
        1 in scene.named,
        hard,
        bool(scene.message.addressees) and not hard,
        scene.spoke_to_me != NOBODY,
        log(1 + float(scene.ago[0]) / scene.pace),
        float(scene.words[0].max()),
    ]


def _alone(message: Prepared) -> list[float]:
    """:func:`_about` where nobody spoke before."""
    nothing = [0.0, log(1 + PACE_UNKNOWN), 0.0, 0.0, 0.0, 1.0, _LONG_AGO_LINES, _LONG_AGO_PACES, 0.0, 0.0]
    return [*nothing, bool(message.addressees), 0.0, _LONG_AGO_LINES, 0.0]
