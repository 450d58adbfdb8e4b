"""Texts into the pieces of a vocabulary, so that their product is likeliest.

Kudo, "Subword regularization", 2018 (the unigram language model), as SentencePiece does it. A text's substrings are
found by their hashes, all at once, so that a vocabulary of 128,000 pieces takes 2 MB, of a file that is mapped into
memory, where a dictionary would take 50. No piece reaches over a space, so words are taken one by one, and those that
were met lately are remembered.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

LONGEST: Final = 16
"""No piece has more characters."""
SUM_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
"""Hashes are polynomials of code points at this, modulo 2^64; the build hook made the vocabulary's with it, too."""
SPACE: Final = "▁"
UNLIKELY: Final = 10.0
"""By how much a character without a piece is less likely than the unlikeliest piece, as a logarithm."""
REMEMBERED: Final = 1 << 14
"""Words; some 150 bytes each."""
_LONG: Final = 40
"""Longer words are rare, and whole texts where no spaces are written: they are not remembered."""

Sums = NDArray[np.uint64]


class Pieces:
    """A vocabulary: ``sums`` are the hashes of its pieces, ascending, ``scores`` their logarithmic likelihoods.

    Pieces are numbered in that order; after them come the unknown one, the beginning, and the end.
    """

    def __init__(self, sums: Sums, scores: NDArray[np.float32], normalise: Callable[[str], str]) -> None:
        self._sums = sums
        self._scores = scores
        self._normalise = normalise
        self._unknown = len(sums)
        self._unlikely = float(scores[: len(sums)].min()) - UNLIKELY
        self._lately: dict[str, list[int]] = {}

    @classmethod
    def in_folder(cls, folder: Path) -> "Pieces":
        """Those that the build hook wrote."""
        from tokenizers.normalizers import Precompiled

        charsmap = Precompiled((folder / "charsmap.bin").read_bytes())
        sums = np.load(folder / "pieces.npy", mmap_mode="r")
        return cls(sums, np.load(folder / "scores.npy", mmap_mode="r"), charsmap.normalize_str)

    def of(self, text: str) -> NDArray[np.int64]:
        """The text's pieces, between beginning and end; ``text`` has no lone surrogates."""
        words = self._normalise(text).replace(SPACE, " ").split()
        known = self._of_words(words)
        inner = chain.from_iterable(known[word] for word in words) if words else (self._unknown,)
        return np.array([self._unknown + 1, *inner, self._unknown + 2], np.int64)

    def _of_words(self, words: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """The pieces of each word; those not met lately are looked for together, which costs little more than one."""
        known = self._lately
        if len(known) > REMEMBERED:
            known = self._lately = {}
        new = [word for word in dict.fromkeys(words) if word not in known]
        if not new:
            return known
        found = dict(zip(new, self._likeliest(new), strict=True))
        known.update((word, pieces) for word, pieces in found.items() if len(word) <= _LONG)
        return ChainMap(found, known)

    def _likeliest(self, words: Sequence[str]) -> list[list[int]]:
        """Viterbi's way: of all that end at a place the best is kept, of equals the one that began first."""
        text = SPACE + SPACE.join(words)
        starts, ends, pieces, scores = self._found(text)
        best = [0.0] + [-np.inf] * len(text)
        began, ended_by = [0] * (len(text) + 1), [self._unknown] * (len(text) + 1)
        at = 0
        for start in range(len(text)):
            base, single = best[start], False
            while at < len(starts) and starts[at] == start:
                end, score = ends[at], base + scores[at]
                if score > best[end]:
                    best[end], began[end], ended_by[end] = score, start, pieces[at]
                single = single or end == start + 1
                at += 1
            if not single and base + self._unlikely > best[start + 1]:
                best[start + 1], began[start + 1], ended_by[start + 1] = base + self._unlikely, start, self._unknown
        found: list[list[int]] = [[]]
        end = len(text)
        while end:
            found[-1].append(ended_by[end])
            end = began[end]
            if end and text[end] == SPACE:
                found.append([])
        return [word[::-1] for word in reversed(found)]

    def _found(self, text: str) -> tuple[list[int], list[int], list[int], list[float]]:
        """Every piece in the text: where it starts and ends, by start, then end; its number and its score."""
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64) + np.uint64(1)
        longest = min(LONGEST, len(codes))
        sums = np.zeros((len(codes), longest), np.uint64)
        running = np.zeros(len(codes), np.uint64)
        for length in range(longest):
            running = running[: len(codes) - length] * SUM_BASE + codes[length:]
            sums[: len(running), length] = running
        flat = sums.ravel()
        places = np.minimum(np.searchsorted(self._sums, flat), len(self._sums) - 1)
        hits = np.flatnonzero((self._sums[places] == flat) & (flat != 0))
        starts, pieces = hits // longest, places[hits]
        ends = starts + hits % longest + 1
        return starts.tolist(), ends.tolist(), pieces.tolist(), self._scores[pieces].tolist()
