"""Sentence embeddings across languages by the universal sentence encoder, int8: 512 numbers, 16 languages.

Yang et al., "Multilingual universal sentence encoder for semantic retrieval", 2019. The same words in another language
get a near vector; within one language all-MiniLM-L6-v2 tells apart more finely. The files are written by the build hook
(``hatch_build.py``). The table of 128,000 words, 63 MB, stays on disk: a few of its rows are read for each text.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from adapters.language.pieces import Pieces
from adapters.language.sessions import open_session
from dialogue.ports import Embedder
from knowledge_base.merging import Thresholds

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

FOLDER: Final = Path(__file__).parent / "model" / "universal"
CHARACTERS: Final = 1024
TOKENS: Final = 128


class Universal(Embedder):
    """The embedder across languages. Loads some 5 MB on first use; then needs no lock, whatever threads call it."""

    name = "universal-multilingual-int8"
    size = 512
    languages = frozenset(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"])
    thresholds = Thresholds(merge=0.80, sharing=0.80, across=0.75, suggest=0.55, answer=0.80, offer=0.60, like=0.475)
    """Merge, across and suggest: docs/understanding.md says how right they are (``benchmarks/merging.py``). Whether
    words in common tell anything here was not measured. The others are not measured: answers are not compared by it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @staticmethod
    def is_installed(folder: Path = FOLDER) -> bool:
        """Whether the model's files are there. Those of an interrupted build are not: its record comes last."""
        names = ("model.json", "model.onnx", "pieces.npy", "scores.npy", "words.npy", "blocks.npy", "charsmap.bin")
        return all((folder / name).is_file() for name in names)

    def embed(self, text: str) -> NDArray[np.float32]:
        """The unit vector of one text, float32[512]; equal texts give equal vectors. One text a call, as for MiniLM."""
        sound = text[:CHARACTERS].encode("utf-8", "replace").decode()  # lone surrogates stand for nothing
        ids = self._pieces.of(sound)[:TOKENS]
        scale, lowest = self._blocks[ids].T
        words = self._words.rows(ids) * scale[:, None] + lowest[:, None]
        vector: NDArray[np.float32] = self._session.run(None, {"words": words})[0]
        return vector

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces.in_folder(self._folder)

    @cached_property
    def _words(self) -> "_Rows":
        return _Rows(self._folder / "words.npy")

    @cached_property
    def _blocks(self) -> NDArray[np.float32]:
        blocks: NDArray[np.float32] = np.load(self._folder / "blocks.npy", mmap_mode="r")
        return blocks

    @cached_property
    def _session(self) -> "InferenceSession":
        return open_session(self._folder / "model.onnx")


class _Rows:
    """The rows of an array of bytes in a file. Mapped into memory, each would bring sixteen pages of others with it."""

    def __init__(self, file: Path) -> None:
        whole: np.memmap[tuple[int, int], np.dtype[np.uint8]] = np.load(file, mmap_mode="r")
        self._begin, self._length = whole.offset, whole.shape[1]
        self._file = os.open(file, os.O_RDONLY)
        finalize(self, os.close, self._file)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        """These rows, uint8[len(numbers), length]."""
        begin, length, file = self._begin, self._length, self._file
        read = b"".join([os.pread(file, length, begin + number * length) for number in numbers.tolist()])
        return np.frombuffer(read, np.uint8).reshape(len(numbers), length)
