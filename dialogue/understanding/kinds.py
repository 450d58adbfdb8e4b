"""The first classifier of kinds: by cues that people use when they mean something, in English and a few others."""

from collections import defaultdict
from collections.abc import Sequence

from dialogue.ports import KindClassifier
from dialogue.understanding.cues import Cue, Phrasebook, kind_cues
from dialogue.understanding.tokens import START, readable, tokens
from dialogue.understanding.values import KindGuess
from knowledge_base.kinds import Kind

_AGAIN = 0.25
"""What a second phrase of the same group adds, up to three times."""

_DOUBT = 1.0
"""How much must be said before a guess is surer than even."""

_STATEMENT = 5
"""From this many words on, a text without any cue informs; a shorter one is chatter."""

_PLAIN = KindGuess(Kind.INFORMATION, 0.4, "a statement without a cue")
_SHORT = KindGuess(Kind.CHATTER, 0.5, "few words without a cue")
_EMPTY = KindGuess(Kind.CHATTER, 0.9, "no words")


class KeywordKinds(KindClassifier):
    """Adds up the cues for each kind; the strongest kind wins, by as much as it leads."""

    def __init__(self) -> None:
        self._cues: Phrasebook[Cue] = kind_cues()

    def classify(self, text: str) -> KindGuess:
        """The kind with the most cues; without any, a statement informs and a few words are chatter."""
        said = tokens(readable(text))
        phrases: dict[Cue, list[str]] = defaultdict(list)
        for cue, phrase in self._cues.found(said):
            phrases[cue].append(phrase)
        words = sum(1 for token in said if token != START)
        if not phrases:
            return _without_cue(words)
        return _strongest(phrases, words)


def _without_cue(words: int) -> KindGuess:
    if not words:
        return _EMPTY
    return _PLAIN if words >= _STATEMENT else _SHORT


def _strongest(phrases: dict[Cue, list[str]], words: int) -> KindGuess:
    """Within a kind the strongest group counts, and every other one a little; kinds compete."""
    scores: dict[Kind, float] = defaultdict(float)
    strongest: dict[Kind, Cue] = {}
    for cue, said in phrases.items():
        if cue.kind not in strongest or cue.weight > strongest[cue.kind].weight:
            strongest[cue.kind] = cue
        scores[cue.kind] += _AGAIN * min(len(said) - 1, 3) + _AGAIN
    for kind, cue in strongest.items():
        scores[kind] += cue.weight - _AGAIN
    if words >= _STATEMENT:
        scores[Kind.INFORMATION] += _PLAIN.confidence
    best, second = _two_best(scores)
    if best not in strongest:
        return _PLAIN
    cue = strongest[best]
    confidence = scores[best] / (scores[best] + second + _DOUBT)
    return KindGuess(best, round(confidence, 3), f'{cue.name}: "{phrases[cue][0]}"')


def _two_best(scores: dict[Kind, float]) -> tuple[Kind, float]:
    """The leading kind, and the score of the one behind it; a tie goes to the kind named first in ``Kind``."""
    order: Sequence[Kind] = tuple(Kind)
    ranked = sorted(scores, key=lambda kind: (-scores[kind], order.index(kind)))
    return ranked[0], scores[ranked[1]] if len(ranked) > 1 else 0.0
