"""Vectors that were made before, on disk: to read one takes a hundredth of the time it takes to make it."""

import sqlite3
from contextlib import ExitStack
from hashlib import blake2b
from typing import Final
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from adapters.files.errors import Unwritable
from adapters.files.spill import temporary_database
from dialogue.ports import Embedder

_KEY_BYTES: Final = 16
_SCHEMA: Final = """
PRAGMA page_size = 8192;
PRAGMA cache_size = -2000;
PRAGMA journal_mode = OFF;
CREATE TABLE vectors (number INTEGER PRIMARY KEY, text BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
BEGIN;
"""


class Recalling(Embedder):
    """An embedder that makes the vector of a text once: what it made is kept in a temporary file. For one thread.

    Where the temporary folder is full, it forgets everything, and makes each vector when it is asked.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.size = embedder.name, embedder.size
        self.thresholds, self.languages = embedder.thresholds, embedder.languages
        self._files = ExitStack()
        finalize(self, self._files.close)
        self._made: sqlite3.Connection | None = None
        self._forgets = False

    def embed(self, text: str) -> NDArray[np.float32]:
        """See :class:`~dialogue.models.Embedder`."""
        if self._forgets:
            return self._embedder.embed(text)
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()
        try:
            return self._of(key, text)
        except (sqlite3.OperationalError, Unwritable):
            self._forgets = True
            self._files.close()
            return self._embedder.embed(text)

    def _of(self, key: bytes, text: str) -> NDArray[np.float32]:
        if self._made is None:
            self._made = self._files.enter_context(temporary_database())
            self._made.executescript(_SCHEMA)
        row = self._made.execute("SELECT vector FROM vectors WHERE text = ?", (key,)).fetchone()
        if row is not None:
            return np.frombuffer(row[0], np.float32)
        vector = self._embedder.embed(text)
        self._made.execute("INSERT INTO vectors (text, vector) VALUES (?, ?)", (key, vector.tobytes()))
        return vector
