"""The embedder that needs nothing: words and pieces of words, hashed into a vector.

Weinberger et al., "Feature hashing for large scale multitask learning", 2009. It sees shared words, inflections and
typing errors in any language, but no synonyms: used where the model's files are missing.
"""

import re
import unicodedata
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dialogue.ports import Embedder
from knowledge_base.merging import Thresholds

CHARACTERS = 4096
WORD = re.compile(r"[^\W_]+")
SHORT, SHORT_WEIGHT = 3, 0.3
"""Words of up to three letters say little, in every language with an alphabet; codes and numbers among them suffer."""
PIECE, PIECE_WEIGHT = 4, 0.4


class Hashing(Embedder):
    """The fallback embedder: about 18,000 short texts a second, the same vector on every machine."""

    name = "hashing"
    size = 1024
    languages = None
    thresholds = Thresholds(merge=0.9, sharing=0.9, across=0.9, suggest=0.85, answer=0.51, offer=0.4, like=0.5)
    """Answer: as for MiniLM, on the same paraphrases (31 % said and right, 3 % said and wrong; without the entry 6 %
    said). Merge and suggest: it knows repeats, but no other words for a thing, so below these almost all would be wrong
    (``benchmarks/merging.py``). Offer is not measured."""

    def embed(self, text: str) -> NDArray[np.float32]:
        """The unit vector of one text, float32[1024]; a text without any word gives the vector of no words."""
        vector = np.zeros(self.size, np.float32)
        for feature, weight in _features(text[:CHARACTERS]).items():
            code = crc32(feature.encode("utf-8", "replace"))
            vector[code % self.size] += weight if code & 0x80000000 else -weight
        length = np.linalg.norm(vector)
        if length == 0:
            vector[0] = 1
            return vector
        return vector / length


def _features(text: str) -> dict[str, float]:
    """Words, and pieces of them with their borders marked, each once and with its weight."""
    features: dict[str, float] = {}
    for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        weight = SHORT_WEIGHT if len(word) <= SHORT else 1.0
        features[word] = weight
        padded = f"<{word}>"
        for start in range(len(padded) - PIECE + 1):
            piece = f"#{padded[start : start + PIECE]}"
            features[piece] = max(features.get(piece, 0), weight * PIECE_WEIGHT)
    return features
