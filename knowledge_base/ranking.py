"""Which answer fits a question, how surely, and whether to say it, offer it or stay silent.

Meaning leads: an answer is as near as its nearest phrase. Words decide only where they are names of things: error
codes, identifiers and file names that both sides mention, or that differ. Fusing ranks of words and meaning was tried
and made short FAQs worse.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from knowledge_base.ids import AnswerId
from knowledge_base.merging import Thresholds, Vector

SHOWN = 10
NAMED = 0.25
"""What a shared name adds to a cosine, and what a differing one takes."""
RARE = 3
"""A name in more answers than that tells nothing."""

NAME = re.compile(
    r"\b(?=\w*[a-z])(?=\w*\d)\w{4,}\b"  # 0x80070057, E1234, ERR_42
    r"|\b[a-z0-9]+(?:_[a-z0-9]+)+\b"  # ERR_CONNECTION_REFUSED
    r"|\b[\w-]{1,60}\.[a-z][a-z0-9]{1,4}\b"  # config.toml
    r"|(?<=\berror )\d{3,}\b|(?<=\bcode )\d{3,}\b|(?<=\bstatus )\d{3,}\b"
)


class Verdict(StrEnum):
    """What to do with the best answer."""

    ANSWER = "answer"
    OFFER = "offer"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known as one answer: the phrases it was asked in, at least one, and what to say."""

    id: AnswerId
    questions: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Up to ten answers, best first (none only if nothing is known); confidence 0..1 in the first."""

    ranked: tuple[AnswerId, ...]
    confidence: float
    verdict: Verdict

    @property
    def answer(self) -> AnswerId | None:
        """The answer to say outright, or None."""
        return self.ranked[0] if self.verdict is Verdict.ANSWER else None


SILENCE = Ranking((), 0.0, Verdict.SILENT)


class KnownAnswers:
    """Answers made ready for ranking. ``vectors``: one row per phrase, in the entries' order, of unit length."""

    def __init__(self, entries: Sequence[Entry], vectors: Vector, thresholds: Thresholds) -> None:
        counts = np.array([len(entry.questions) for entry in entries], np.int64)
        if len(vectors) != counts.sum() or (len(entries) and counts.min() == 0):
            raise ValueError("one vector per phrase, and at least one phrase per answer")
        self._ids = [entry.id for entry in entries]
        self._vectors = vectors
        self._starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
        self._phrases = {normalised(q): e for e, entry in enumerate(entries) for q in entry.questions}
        self._names = [_names(" ".join((*entry.questions, entry.answer))) for entry in entries]
        self._asked_names = [_names(" ".join(entry.questions)) for entry in entries]
        self._name_counts = Counter(name for names in self._names for name in names)
        self._thresholds = thresholds

    def rank(self, text: str, vector: Vector) -> Ranking:
        """Rank all answers for one question; ties in the entries' order. Spaces, case and final marks don't count."""
        if not self._ids:
            return SILENCE
        scores = np.maximum.reduceat(self._vectors @ vector, self._starts)
        self._weigh_names(scores, _names(text))
        repeated = self._phrases.get(normalised(text))
        if repeated is not None:
            scores[repeated] = 1.0
        order = np.argsort(-scores, kind="stable")[:SHOWN]
        confidence = float(np.clip(scores[order[0]], 0, 1))
        return Ranking(tuple(self._ids[i] for i in order), confidence, self._verdict(confidence))

    def _weigh_names(self, scores: NDArray[np.float32], named: frozenset[str]) -> None:
        for entry in range(len(scores)) if named else ():
            if any(self._name_counts[name] <= RARE for name in named & self._names[entry]):
                scores[entry] += NAMED
            elif self._asked_names[entry] and not named & self._names[entry]:
                scores[entry] -= NAMED

    def _verdict(self, confidence: float) -> Verdict:
        if confidence >= self._thresholds.answer:
            return Verdict.ANSWER
        return Verdict.OFFER if confidence >= self._thresholds.offer else Verdict.SILENT


def normalised(text: str) -> str:
    """What makes two phrases the same: no case, no runs of spaces, no marks at the end, one form of each character."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(" ?!.…")


def _names(text: str) -> frozenset[str]:
    return frozenset(NAME.findall(text.lower()))
