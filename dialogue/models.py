"""What language models must offer.

Reached through :mod:`dialogue.ports`.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dialogue.advice.values import Advised, Question, Spent
from dialogue.understanding.reading import Reading
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
    """What a text is, from the text alone: cheaply for every message, better for the few that have a vector."""

    @abstractmethod
    def classify(self, reading: Reading) -> KindGuess:
        """The likeliest kind with its confidence, calibrated, and the words that gave it. Never raises on any text."""

    @abstractmethod
    def reconsider(self, guess: KindGuess, model: str, vector: NDArray[np.float32]) -> KindGuess:
        """The guess in the light of what the text means: its ``vector`` by the embedder called ``model``.

        The same guess where that model's vectors tell nothing. One vector at a time, so that others can't change it.
        """


class Masker(Protocol):
    """Personal data and secrets out of a text."""

    @abstractmethod
    def mask(self, text: str) -> str:
        """The text with each find replaced by its name in brackets. Idempotent; never raises on any text."""


class LanguageModel(Protocol):
    """A large model, usually behind a network, that is asked where understanding is in doubt.

    What members said is data to it, delimited, never instructions; it is given no tools; and nothing that it says
    counts but one of a question's choices. ``prompt`` names the way in which it is asked: another way, another name.
    """

    name: str
    prompt: str

    @abstractmethod
    def at_most(self, questions: Sequence[Question]) -> Spent:
        """The most that asking these in one call can cost."""

    @abstractmethod
    async def ask(self, questions: Sequence[Question]) -> Advised:
        """Ask all of them in one call, once. Called outside any transaction.

        Raises :class:`~dialogue.errors.ModelFailed` where nothing usable came of it.
        """

    @abstractmethod
    async def close(self) -> None:
        """Let go of the server. Called once, when nothing is asked any more."""
