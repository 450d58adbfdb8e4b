"""The lines that a message may answer, and how they stand to the message."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding import rows
from dialogue.understanding.index import Places
from dialogue.understanding.lines import Floats, Lines
from dialogue.understanding.rows import MOST
from dialogue.understanding.standing import NOBODY, STRANGER, Standing
from dialogue.understanding.values import Prepared

PACE_UNKNOWN: Final = 30.0
"""The least seconds between two speakers' lines that are taken as usual where too few were heard."""

_PACE_LINES, _PACE_TURNS = 24, 3
_ROUNDING: Final = 1e-9


class Scene(NamedTuple):
    """Lines latest first, and what holds of them, as rows of flags (``rows.py``) where nothing else is said.

    ``me``: the number of the message's author. ``named``: whose lines it may speak to, ``hard``: surely. ``named_me``,
    ``hinted_me``: which lines spoke to the author, or may have. ``names_the_same``: which name whom the message names.
    ``last``: where the author's own last line is, -1 for nowhere; ``answered``: where what that line answered,
    ``answers``: where what answers it. ``spoke_to_me``, ``spoken_to``: by number, who last
    spoke to the author, and whom the author last answered. ``ago``, ``pace``: in seconds. ``words``: float32[4, n], see
    :func:`_words`.
    """

    message: Prepared
    standing: Standing
    naming: bytes
    ago: NDArray[np.float64]
    pace: float
    me: int
    own: bytes
    named: bytes
    hard: bytes
    named_me: bytes
    hinted_me: bytes
    names_the_same: bytes
    last: int
    answered: Sequence[int]
    answers: Sequence[int]
    spoke_to_me: int
    spoken_to: int
    words: Floats


def scene_of(lines: Lines, message: Prepared) -> Scene:
    """How these lines stand to the message; there is at least one."""
    standing, index = lines.standing, lines.index
    me = standing.people.get(message.heard.author, STRANGER)
    own = rows.equal(standing.authors, me)
    named, hard = _named(lines, message, me)
    named_me = rows.flagged(len(own), _having(lines, index.addressed, message.names))
    last = own.find(1)
    mine = lines.said[last] if last >= 0 else None
    answered_by_me = mine.reply_to if mine else None
    return Scene(
        message=message,
        standing=standing,
        naming=lines.naming,
        ago=np.maximum(0.0, message.seconds - lines.seconds),
        pace=_pace(standing.authors, lines.seconds[:_PACE_LINES].tolist(), message),
        me=me,
        own=own,
        named=named,
        hard=hard,
        named_me=named_me,
        hinted_me=rows.flagged(len(own), _having(lines, index.hinted, message.names)),
        names_the_same=_names_the_same(lines, message),
        last=last,
        answered=lines.having(index.messages, answered_by_me) if answered_by_me else (),
        answers=lines.having(index.answers, mine.prepared.heard.id) if mine else (),
        spoke_to_me=_spoke_to_me(standing, own, named_me, me),
        spoken_to=_spoken_to(standing, own, me),
        words=_words(lines, message),
    )


def _having(lines: Lines, known: Places[str], names: Iterable[str]) -> list[int]:
    return [place for name in names for place in lines.having(known, name)]


def _named(lines: Lines, message: Prepared, me: int) -> tuple[bytes, bytes]:
    """Whose lines are spoken to: by name or by a word that may be their name, and surely by name."""
    nobody, authors, addressees = bytes(len(lines.said)), lines.standing.authors, message.addressees
    found = set(_having(lines, lines.index.speakers, addressees | message.hints))
    meant = {authors[place]: place for place in sorted(found) if authors[place] != me}
    if not meant:
        return nobody, nobody
    sure = [by for by, place in meant.items() if not addressees.isdisjoint(lines.said[place].prepared.names)]
    return rows.among(authors, meant), rows.among(authors, sure)


def _names_the_same(lines: Lines, message: Prepared) -> bytes:
    names = message.addressees
    found = lines.having(lines.index.addressed, next(iter(names))) if names else ()
    return rows.flagged(len(lines.said), [at for at in found if lines.said[at].prepared.addressees == names])


def _pace(by: bytes, seconds: Sequence[float], message: Prepared) -> float:
    """The usual time between two speakers' lines, in seconds: the mean without the longest fifth, which are nights.

    Lines that one person writes in a row are one turn and say nothing about the channel's pace. As long as it is not
    known, the present silence is taken for usual.
    """
    gaps = [
        later - earlier
        for later, earlier, speaker, before in zip(seconds, seconds[1:], by, by[1:], strict=False)
        if speaker != before
    ]
    if len(gaps) < _PACE_TURNS:
        return max(PACE_UNKNOWN, message.seconds - seconds[0])
    gaps.sort()
    kept = gaps[: len(gaps) - len(gaps) // 5]
    return max(1.0, sum([gap for gap in kept if gap > 0]) / len(kept))


def _spoke_to_me(standing: Standing, own: bytes, named_me: bytes, me: int) -> int:
    """The number of whoever spoke to the message's author last."""
    spoke = rows.either(rows.equal(standing.to, me), named_me)
    last = rows.both(spoke, rows.none(own)).find(1)
    return standing.authors[last] if last >= 0 else NOBODY


def _spoken_to(standing: Standing, own: bytes, me: int) -> int:
    """The number of whom the message's author answered last."""
    answered = rows.only(standing.to, own)
    others = answered.lstrip(bytes((NOBODY, me)) if me != STRANGER else b"\0")
    return others[0] if others else NOBODY


def _words(lines: Lines, message: Prepared) -> Floats:
    """The words shared with each line, with its conversation; whether no line shares more; and how many they are.

    Words are weighed by how rare they are here.
    """
    count = len(lines.said)
    words = np.zeros((4, count), np.float32)
    places, which = lines.having_any(lines.index.words, message.words)
    if not len(places):
        return words
    talks = np.frombuffer(lines.standing.within, np.uint8)
    times = np.bincount(which)
    rarity = np.log((count + 1) / np.maximum(times, 1))
    in_talk = np.zeros((len(times), MOST + 1))
    in_talk[which, talks[places]] = 1.0
    shared = np.bincount(places, rarity[which], count)
    words[0] = shared
    words[1] = (rarity @ in_talk)[talks]
    words[2] = shared >= shared.max() - _ROUNDING
    words[3] = np.bincount(places, minlength=count)
    return words
