"""The classifier of kinds: a cascade of two small learned models over what was read.

First stage, for every message: cues, words, pairs of words and pieces of words, each with a weight per kind, summed
(a softmax regression over hashed facts). Second stage, for the few: the same opinion together with the text's vector.
Both were learned by ``training/kinds.py`` from examples that we wrote (``training/examples``), and both are calibrated:
of the guesses said with 0.8, four in five are right on product domains that were held out. Guo et al., "On calibration
of modern neural networks", 2017 (temperature scaling).
"""

from functools import cache
from importlib.resources import files
from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dialogue.ports import KindClassifier
from dialogue.understanding.cues import Cue
from dialogue.understanding.grams import Facts, cue_row, facts
from dialogue.understanding.reading import Reading
from dialogue.understanding.values import KindGuess
from knowledge_base.kinds import Kind

WEIGHTS = "kind_weights.npz"
KINDS = tuple(Kind)
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


class _Weights(NamedTuple):
    """What was learned: ``table`` is [rows, kinds], ``head`` [kinds + size of the vector + 1, kinds]."""

    table: Floats
    warmth: float
    head: Floats
    head_warmth: float
    model: str


@cache
def _learned() -> _Weights:
    """The weights that ship."""
    with files(__package__).joinpath(WEIGHTS).open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return _Weights(
            table=kept["table"].astype(np.float32),
            warmth=float(kept["warmth"]),
            head=kept["head"].astype(np.float32),
            head_warmth=float(kept["head_warmth"]),
            model=str(kept["model"]),
        )


class LearnedKinds(KindClassifier):
    """The cascade with the weights that ship; they are read on first use, once for all."""

    def classify(self, reading: Reading) -> KindGuess:
        """See :class:`~dialogue.ports.KindClassifier`; some 50 microseconds for a dozen words."""
        if not reading.words:
            return _EMPTY
        seen = facts(reading)
        said = tuple(cued(reading))
        odds = log_shares([learned + by_cues for learned, by_cues in zip(self._sums(seen), said, strict=True)])
        best, confidence = _best(odds, _learned().warmth)
        return KindGuess(KINDS[best], confidence, self._rule(best, reading, seen), odds, said)

    def reconsider(self, guess: KindGuess, model: str, vector: Floats) -> KindGuess:
        """See :class:`~dialogue.ports.KindClassifier`; the weights know one model, others say nothing to them."""
        if model != _learned().model or not guess.odds:
            return guess
        seen = np.concatenate([np.array(guess.odds, np.float32) * OPINION_COUNTS, vector * VECTOR_COUNTS, _ONE])
        meant: list[float] = (seen @ _learned().head).tolist()
        odds = log_shares([learned + by_cues for learned, by_cues in zip(meant, guess.cued, strict=True)])
        best, confidence = _best(odds, _learned().head_warmth)
        kind = KINDS[best]
        rule = (
            guess.rule if kind is guess.kind else f"means {kind.value}, though its words read like {guess.kind.value}"
        )
        return KindGuess(kind, confidence, rule, odds, guess.cued)

    def _sums(self, seen: Facts) -> list[float]:
        table = _learned().table
        sums = table[seen.plain].sum(axis=0)
        if seen.grams:
            sums += table[seen.grams].sum(axis=0) * np.float32(gram_share(seen))
        said: list[float] = sums.tolist()
        return said

    def _rule(self, kind: int, reading: Reading, seen: Facts) -> str:
        """The strongest cue for the kind; without one, the words that spoke most for it."""
        cues = [cue for cue in reading.cues if cue.kind is KINDS[kind]]
        if cues:
            return _cue_rule(max(cues, key=lambda cue: (_learned().table[cue_row(cue.name), kind], cue.name)), reading)
        said = _learned().table[seen.grams[: len(seen.phrases)], kind]
        strongest = int(said.argmax())
        words = seen.phrases[strongest].strip("^ ")
        rule = f"reads like {KINDS[kind].value}"
        return f'{rule}: "{words}"' if said[strongest] > 0 and words else rule


_ONE = np.ones(1, np.float32)


def cued(reading: Reading) -> list[float]:
    """What the catalogue says for each kind: its strongest cue, and a little for every other."""
    strongest = dict.fromkeys(KINDS, 0.0)
    others = dict.fromkeys(KINDS, 0.0)
    for cue, (count, _) in reading.cues.items():
        others[cue.kind] += _AGAIN * (1 + min(count - 1, _MOST_AGAIN))
        strongest[cue.kind] = max(strongest[cue.kind], cue.weight - _AGAIN)
    return [CUES_COUNT * (strongest[kind] + others[kind]) for kind in KINDS]


def gram_share(seen: Facts) -> float:
    """How much each gram of a text counts."""
    return GRAMS_COUNT / sqrt(len(seen.grams)) if seen.grams else 0.0


def log_shares(sums: list[float]) -> tuple[float, ...]:
    """Sums as logarithms of shares: natural, of a softmax."""
    most = max(sums)
    total = log(sum(exp(one - most) for one in sums)) + most
    return tuple(one - total for one in sums)


def _best(odds: tuple[float, ...], warmth: float) -> tuple[int, float]:
    """The likeliest kind, and how sure once calibrated: rounded, so that the last bits of a machine do not show."""
    best = max(range(len(odds)), key=odds.__getitem__)
    surely = 1.0 / sum(exp((one - odds[best]) / warmth) for one in odds)
    return best, min(round(surely, 3), SUREST)


def _cue_rule(cue: Cue, reading: Reading) -> str:
    return f'{cue.name}: "{reading.cues[cue][1].said(reading.tokens)}"'
