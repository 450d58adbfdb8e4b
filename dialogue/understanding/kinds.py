"""The classifier of kinds: a cascade of two small learned models over what was read.

First stage, for every message: cues, words, pairs of words and pieces of words, each with a weight per kind, summed
(a softmax regression over hashed facts). Second stage, for those that may
voice an insight: the same opinion together with the text's vector.
Both were learned by ``training/kinds.py`` from examples that we wrote (``training/examples``), and both are calibrated:
of the guesses said with 0.8, four in five are right on product domains that were held out. Guo et al., "On calibration
of modern neural networks", 2017 (temperature scaling).
"""

from collections.abc import Sequence
from functools import cache, lru_cache, partial
from importlib.resources import files
from math import exp, log, sqrt
from operator import add
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from dialogue.ports import KindClassifier
from dialogue.understanding.grams import Facts, cue_row, phrases, piece_rows, plain, row
from dialogue.understanding.reading import Reading, read_shown
from dialogue.understanding.values import KindGuess
from knowledge_base.kinds import Kind

WEIGHTS = "kind_weights.npz"
KINDS = tuple(Kind)
_COLUMN = {kind: column for column, kind in enumerate(KINDS)}
_ROW_SIZE = 4 * len(KINDS)
"""A row of the table in bytes."""

GRAMS_COUNT = 3.0
"""What all grams of a text together may say, against one plain fact; shared among them by the root of their number."""

CUES_COUNT = 2.0
"""What the catalogue's own weights say counts twice, in both stages: phrases that give a kind away hold among
strangers, where what was learned from examples alone is less sure than it thinks (docs/understanding.md)."""
_AGAIN, _MOST_AGAIN = 0.25, 3
"""What a further cue or phrase of a kind adds to its strongest one."""

OPINION_COUNTS = 0.25
"""The scale on which the second stage reads the first one's opinion."""
VECTOR_COUNTS = 4.0
"""The scale on which it reads a vector of length 1."""

SUREST = 0.99
"""No text is surer than that: it was never seen before."""

_EMPTY = KindGuess(Kind.CHATTER, 0.9, "no words")

Floats = NDArray[np.float32]


class _Warmth(NamedTuple):
    """By what sums are divided before they are shares: a text without any cue, and one with.

    One number for both would leave the one less sure than it is right, and the other one surer.
    """

    uncued: float
    cued: float

    @classmethod
    def of(cls, kept: Floats) -> Self:
        """From two numbers."""
        return cls(*map(float, kept))


class _Head(NamedTuple):
    """The second stage: what it makes of opinions [kinds, kinds] and of vectors [size, kinds] by one ``model``."""

    model: str
    opinion: Floats
    vector: Floats
    bias: Floats
    warmth: _Warmth

    @classmethod
    def of(cls, model: str, head: Floats, warmth: Floats) -> Self:
        """From what was learned on the scales above, [kinds + size of the vector + 1, kinds]."""
        of_opinion, of_vector, bias = np.split(head, [len(KINDS), len(head) - 1])
        return cls(
            model,
            of_opinion * np.float32(OPINION_COUNTS),
            of_vector * np.float32(VECTOR_COUNTS),
            bias[0],
            _Warmth.of(warmth),
        )


class _Weights(NamedTuple):
    """What was learned: ``table`` is [rows, kinds], ``rows`` the same as bytes."""

    table: Floats
    rows: bytes
    warmth: _Warmth
    head: _Head


@cache
def _learned() -> _Weights:
    """The weights that ship."""
    with files(__package__).joinpath(WEIGHTS).open("rb") as file, np.load(file, allow_pickle=False) as kept:
        table = kept["table"].astype(np.float32)
        return _Weights(
            table=table,
            rows=table.tobytes(),
            warmth=_Warmth.of(kept["warmth"]),
            head=_Head.of(str(kept["model"]), kept["head"], kept["head_warmth"]),
        )


class LearnedKinds(KindClassifier):
    """The cascade with the weights that ship; they are read on first use, once for all."""

    def classify(self, reading: Reading) -> KindGuess:
        """See :class:`~dialogue.ports.KindClassifier`; some 20 microseconds for a dozen words."""
        if not reading.words:
            return _EMPTY
        said = cued(reading)
        kind, confidence, odds = _opinion(_sums(reading), said, _learned().warmth)
        return KindGuess(kind, confidence, partial(_rule, kind, reading.shown), odds, tuple(said))

    def reconsider(self, guess: KindGuess, model: str, vector: Floats) -> KindGuess:
        """See :class:`~dialogue.ports.KindClassifier`; vectors of other models tell nothing."""
        head = _learned().head
        if model != head.model or not guess.odds:
            return guess
        sums = np.array(guess.odds, np.float32) @ head.opinion + vector @ head.vector + head.bias
        meant: list[float] = sums.tolist()
        kind, confidence, odds = _opinion(meant, guess.cued, head.warmth)
        rule = (
            guess.because
            if kind is guess.kind
            else f"means {kind.value}, though its words read like {guess.kind.value}"
        )
        return KindGuess(kind, confidence, rule, odds, guess.cued)


_NOT_CUED = [0.0] * len(KINDS)


def _sums(reading: Reading) -> list[float]:
    """What the table says of a text for each kind. Rows are joined as bytes: nothing is faster for a few dozen."""
    words, pairs = phrases(reading)
    of_words = list(map(_word, words))
    rows = _learned().rows
    of_pairs = [rows[at : at + _ROW_SIZE] for at in [row(pair) * _ROW_SIZE for pair in pairs]]
    grams = len(pairs) + sum([count for _, count in of_words])
    sums = _added(list(map(_plain, plain(reading))))
    if grams:
        sums += _added([said for said, _ in of_words] + of_pairs) * _share(grams)
    said: list[float] = sums.tolist()
    return said


def _added(rows: list[bytes]) -> Floats:
    made: Floats = np.add.reduce(np.frombuffer(b"".join(rows), np.float32).reshape(len(rows), -1), axis=0)
    return made


@lru_cache(maxsize=1 << 10)
def _plain(fact: str) -> bytes:
    """What a fact that counts fully says, as one row: there are few of them, so they are looked up once."""
    at = row(fact) * _ROW_SIZE
    return _learned().rows[at : at + _ROW_SIZE]


@lru_cache(maxsize=1 << 14)
def _word(word: str) -> tuple[bytes, int]:
    """What a word and its pieces say together, as one row, and how many they are."""
    rows = [row(word), *piece_rows(word)]
    return _learned().table[rows].sum(axis=0).tobytes(), len(rows)


def _rule(kind: Kind, shown: str) -> str:
    """The strongest cue for the kind; without one, the words that spoke most for it."""
    reading, column = read_shown(shown, [], cut=False), KINDS.index(kind)
    table = _learned().table
    cues = [cue for cue in reading.cues if cue.kind is kind]
    if cues:
        cue = max(cues, key=lambda cue: (table[cue_row(cue.name), column], cue.name))
        return f'{cue.name}: "{reading.cues[cue][1].said(reading.tokens)}"'
    words, pairs = phrases(reading)
    said = table[[row(phrase) for phrase in (*words, *pairs)], column]
    strongest = int(said.argmax())
    phrase = (*words, *pairs)[strongest].strip("^ ")
    rule = f"reads like {kind.value}"
    return f'{rule}: "{phrase}"' if said[strongest] > 0 and phrase else rule


def cued(reading: Reading) -> list[float]:
    """What the catalogue says for each kind: its strongest cue, and a little for every other."""
    if not reading.cues:
        return list(_NOT_CUED)
    strongest, others = [0.0] * len(KINDS), [0.0] * len(KINDS)
    for cue, (count, _) in reading.cues.items():
        column = _COLUMN[cue.kind]
        others[column] += _AGAIN * (1 + min(count - 1, _MOST_AGAIN))
        strongest[column] = max(strongest[column], cue.weight - _AGAIN)
    return [CUES_COUNT * (one + more) for one, more in zip(strongest, others, strict=True)]


def gram_share(seen: Facts) -> float:
    """How much each gram of a text counts."""
    return _share(len(seen.grams))


def _share(grams: int) -> float:
    return GRAMS_COUNT / sqrt(grams) if grams else 0.0


def _opinion(
    learned: Sequence[float], by_cues: Sequence[float], warmth: _Warmth
) -> tuple[Kind, float, tuple[float, ...]]:
    """The likeliest kind, how sure once calibrated, and each kind's share of a softmax, as natural logarithms.

    How sure is rounded, so that the last bits of a machine do not show.
    """
    said = list(map(add, learned, by_cues))
    most = max(said)
    total = log(sum([exp(one - most) for one in said])) + most
    by = warmth.cued if any(by_cues) else warmth.uncued
    surely = 1.0 / sum([exp((one - most) / by) for one in said])
    return KINDS[said.index(most)], min(round(surely, 3), SUREST), tuple([one - total for one in said])
