"""Sentence embeddings by all-MiniLM-L6-v2, int8: English, 384 numbers, about a millisecond a text.

Wang et al., "MiniLM: Deep self-attention distillation", 2020; trained further by the sentence-transformers project.
The files are written by the build hook (``hatch_build.py``).
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.language.sessions import open_session
from dialogue.ports import Embedder
from knowledge_base.merging import Thresholds

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "model"
TOKENS = 256
"""Longer texts are cut: the length the model was trained for."""
CHARACTERS = 16 * TOKENS
"""Cut before tokenising, whose time grows with the text; English takes 4 to 5 characters a token."""


class MiniLM(Embedder):
    """The embedder for English. Loads its 23 MB on first use; then needs no lock, whatever threads call it."""

    name = "all-MiniLM-L6-v2-int8"
    size = 384
    languages = frozenset({"en"})
    thresholds = Thresholds(merge=0.74, sharing=0.65, across=0.74, suggest=0.55, answer=0.64, offer=0.50, like=0.475)
    """Merge, sharing and suggest: docs/understanding.md says how right they are (``benchmarks/merging.py``). Across is
    never met: it is asked about English alone. Answer: over 1,249 paraphrases of 125 FAQs, each asked with and without
    its own entry, right answers outnumber wrong ones by most (78 % said and right, 2 % said and wrong; without the
    entry 8 % said). Offer is not measured."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @staticmethod
    def is_installed(folder: Path = FOLDER) -> bool:
        """Whether the model's files are there. Those of an interrupted build are not: its record comes last."""
        return all((folder / name).is_file() for name in ("model.json", "model.onnx", "tokenizer.json"))

    def embed(self, text: str) -> NDArray[np.float32]:
        """The unit vector of one text, float32[384]; equal texts give equal vectors.

        One text a call on purpose: activations are quantised together, so in a batch the others would show.
        """
        sound = text[:CHARACTERS].encode("utf-8", "replace").decode()  # lone surrogates can't be tokenised
        ids = np.array([self._tokenizer.encode(sound).ids], np.int64)
        vector: NDArray[np.float32] = self._session.run(None, {"input_ids": ids})[0]
        return vector

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> "InferenceSession":
        return open_session(self._folder / "model.onnx")
