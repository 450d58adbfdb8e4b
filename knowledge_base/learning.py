"""What a community's corrections teach: its own thresholds, each within bounds and with the corrections that moved it.

A threshold is moved in hundredths from its shipped value to where the fewest corrections speak against it. Each counts
by how far the threshold lies on the wrong side of it, and the shipped value holds as strongly as a few corrections do,
so that no single one moves anything. What comes out depends on which corrections stand, in no order: taking one back
restores exactly what was before it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor
from typing import Final

from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings

GRAIN: Final = 0.01
"""The steps in which thresholds move."""
_FUZZ: Final = 1e-6
"""What a number may be short of a step by having been computed."""


class Teaching(StrEnum):
    """What staff said by a correction."""

    SPLIT = "split"
    MERGE = "merge"
    REFUSAL = "refusal"
    NO_INSIGHT = "no_insight"
    MISSED = "missed"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One correction that stands, as far as it teaches. ``number`` names it in its community, ``about`` what it is of.

    ``at``: the cosine of the pair (split, merge, refusal), or the confidence of the message (no insight, missed).
    ``kind``: what the message was judged to be, ``to`` what it is. ``model``: by what models a cosine was measured,
    empty for what is none. Of several about the same the latest counts.
    """

    number: int
    teaches: Teaching
    about: str
    at: float = 0.0
    kind: Kind | None = None
    to: Kind | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What holds where nothing was learned: cosines, and the confidence from which messages are voices.

    ``model``: the name of the models whose cosines these are.
    """

    merge: float
    suggest: float
    voice: float
    model: str


class Dial(StrEnum):
    """What may be moved."""

    MERGE = "merge"
    SUGGEST = "suggest"
    VOICE = "voice"
    SURE = "sure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One dial: its shipped value, its value here, and the lessons that speak for more and for less.

    ``kind`` is None for cosines. :attr:`Dial.SURE` is told as what becomes of a confidence of :data:`EXAMPLE`.
    """

    dial: Dial
    kind: Kind | None
    shipped: float
    here: float
    more: tuple[Lesson, ...]
    less: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """How a community leans, and why."""

    leanings: Leanings
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a dial moves: what one lesson for more and one for less weighs, how strongly the shipped value holds, bounds.

    Bounds are in steps of :data:`GRAIN` from the shipped value.
    """

    more: int
    less: int
    holds: int
    lowest: int
    highest: int


_MERGE: Final = _Rule(more=2, less=1, holds=3, lowest=-3, highest=7)
"""Two splits raise it, only four merges lower it: what is merged silently must be right. Cosines of what was decided by
another bound (``sharing``, ``across``, another model) count as far from this one as they were from that."""
_SUGGEST: Final = _Rule(more=1, less=1, holds=2, lowest=-5, highest=12)
_VOICE: Final = _Rule(more=1, less=1, holds=2, lowest=-15, highest=15)

EXAMPLE: Final = 0.6
"""The confidence by which it is told how surer or less sure guesses of a kind are here."""
_NOT_YET: Final = 2
"""So many corrections of kinds, more in one direction than in the other, change nothing."""
_HALF: Final = 6
"""So many more move a kind's log-odds half as far as any number could."""
_MOST: Final = 1.0
"""Log-odds by which a kind may lean at most: a confidence of 0.6 becomes 0.36 or 0.80."""


def learn(lessons: Iterable[Lesson], shipped: Shipped) -> Learned:
    """What these lessons of one community teach; those by cosines of other models teach nothing."""
    counted = _latest(lesson for lesson in lessons if lesson.model in ("", shipped.model))
    if not counted:
        return Learned(AS_SHIPPED, ())
    cosines = (
        _finding(Dial.MERGE, None, shipped.merge, _MERGE, _of(counted, Teaching.SPLIT), _of(counted, Teaching.MERGE)),
        _finding(
            Dial.SUGGEST, None, shipped.suggest, _SUGGEST, _of(counted, Teaching.REFUSAL), _of(counted, Teaching.MERGE)
        ),
    )
    voices = [_voice(kind, counted, shipped) for kind in Kind if kind in INSIGHT_KINDS]
    sure = {kind: _odds(kind, counted) for kind in Kind}
    leanings = Leanings(
        merge=_moved(cosines[0]),
        suggest=_moved(cosines[1]),
        voice={finding.kind: _moved(finding) for finding in voices if finding.kind and _moved(finding)},
        sure={kind: odds for kind, odds in sure.items() if odds},
    )
    kinds = [_sureness(kind, counted, leanings) for kind in Kind]
    return Learned(leanings, tuple(one for one in (*cosines, *voices, *kinds) if one.more or one.less))


def _latest(lessons: Iterable[Lesson]) -> Sequence[Lesson]:
    """The latest about each thing, by number; kinds that were set back to what they were judged to be are left out."""
    by_subject = {(lesson.teaches, lesson.about): lesson for lesson in sorted(lessons, key=lambda one: one.number)}
    found = sorted(by_subject.values(), key=lambda one: one.number)
    return [one for one in found if one.teaches is not Teaching.KIND or one.kind is not one.to]


def _of(lessons: Sequence[Lesson], teaching: Teaching, kind: Kind | None = None) -> tuple[Lesson, ...]:
    return tuple(one for one in lessons if one.teaches is teaching and (kind is None or one.kind is kind))


def _voice(kind: Kind, lessons: Sequence[Lesson], shipped: Shipped) -> Finding:
    wrong, missed = _of(lessons, Teaching.NO_INSIGHT, kind), _of(lessons, Teaching.MISSED, kind)
    return _finding(Dial.VOICE, kind, shipped.voice, _VOICE, wrong, missed)


def _finding(
    dial: Dial, kind: Kind | None, shipped: float, rule: _Rule, more: tuple[Lesson, ...], less: tuple[Lesson, ...]
) -> Finding:
    """The dial where the fewest speak against it; of equals, the nearest to the shipped value."""
    wanted = Counter(_steps(one.at, shipped) + 1 for one in more)
    # far below what could be reached, a lesson says nothing of this threshold
    near = tuple(one for one in less if _steps(one.at, shipped) >= rule.lowest)
    allowed = Counter(_steps(one.at, shipped) for one in near)

    def against(step: int) -> int:
        too_low = sum(count * max(0, least - step) for least, count in wanted.items())
        too_high = sum(count * max(0, step - most) for most, count in allowed.items())
        return rule.more * too_low + rule.less * too_high + rule.holds * abs(step)

    step = min(range(rule.lowest, rule.highest + 1), key=lambda step: (against(step), abs(step)))
    return Finding(dial, kind, shipped, round(shipped + step * GRAIN, 4), more, near)


def _steps(value: float, shipped: float) -> int:
    return floor((value - shipped) / GRAIN + _FUZZ)


def _moved(finding: Finding) -> float:
    return round(finding.here - finding.shipped, 4)


def _odds(kind: Kind, lessons: Sequence[Lesson]) -> float:
    """Log-odds: more where other kinds were corrected to this one, less where this one was corrected to others."""
    net = sum((one.to is kind) - (one.kind is kind) for one in lessons if one.teaches is Teaching.KIND)
    counts = max(0, abs(net) - _NOT_YET)
    return round((1 if net > 0 else -1) * _MOST * counts / (counts + _HALF), 4) if counts else 0.0


def _sureness(kind: Kind, lessons: Sequence[Lesson], leanings: Leanings) -> Finding:
    of_kinds = [one for one in lessons if one.teaches is Teaching.KIND]
    more = tuple(one for one in of_kinds if one.to is kind)
    less = tuple(one for one in of_kinds if one.kind is kind)
    return Finding(Dial.SURE, kind, EXAMPLE, leanings.confidence(kind, EXAMPLE), more, less)
