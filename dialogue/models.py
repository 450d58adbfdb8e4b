"""What language models must offer.

Reached through :mod:`dialogue.ports`.
"""

from abc import abstractmethod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dialogue.understanding.values import KindGuess
from knowledge_base.merging import Thresholds


class Embedder(Protocol):
    """Texts to vectors. Called from a worker thread, one text at a time, so that batches can't change a vector."""

    name: str
    size: int
    thresholds: Thresholds
    languages: frozenset[str] | None
    """What it tells apart well, as ISO 639-1 codes; None: texts in any."""

    @abstractmethod
    def embed(self, text: str) -> NDArray[np.float32]:
        """A unit vector of shape (size,). Long texts are cut. Never raises on any text."""


class LanguageIdentifier(Protocol):
    """Which language a text is in."""

    @abstractmethod
    def identify(self, text: str) -> str:
        """An ISO 639-1 code, or ``und`` where it can't be told. Never raises on any text."""


class KindClassifier(Protocol):
    """What a text is, from the text alone."""

    @abstractmethod
    def classify(self, text: str) -> KindGuess:
        """The most likely kind with its confidence and the cue that gave it. Never raises on any text."""


class Masker(Protocol):
    """Personal data and secrets out of a text."""

    @abstractmethod
    def mask(self, text: str) -> str:
        """The text with each find replaced by its name in brackets. Idempotent; never raises on any text."""
