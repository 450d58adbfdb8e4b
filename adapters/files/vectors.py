"""Vectors that were made before, on disk: to read one takes 10 µs, to make it half a millisecond or two."""

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

MOST: Final = 100_000
"""So many texts, the first ones: 170 MB of disk where a vector has 384 numbers, 270 MB where it has 512."""
_KEY_BYTES: Final = 16
_SCHEMA: Final = """
PRAGMA page_size = 8192;
PRAGMA cache_size = -2000;
PRAGMA journal_mode = OFF;
CREATE TABLE vectors (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
BEGIN;
"""


class Recalling(Embedder):
    """An embedder that makes the vector of each of :data:`MOST` texts once: it keeps them in a temporary file.

    For one thread at a time. Where the temporary folder is full, it forgets everything, and makes each vector when it
    is asked.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.size = embedder.name, embedder.size
        self.thresholds, self.languages = embedder.thresholds, embedder.languages
        self._files = ExitStack()
        finalize(self, self._files.close)
        self._database: sqlite3.Connection | None = None
        self._kept = 0
        self._forgets = False

    def embed(self, text: str) -> NDArray[np.float32]:
        """See :class:`~dialogue.models.Embedder`."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()
        vector = self._recalled(key)
        if vector is None:
            vector = self._embedder.embed(text)
            self._keep(key, vector)
        return vector

    def _recalled(self, key: bytes) -> NDArray[np.float32] | None:
        if self._database is None:
            return None
        try:
            row = self._database.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        except sqlite3.OperationalError:  # to read may need room, too: what waits in memory is written first
            self._forget()
            return None
        return None if row is None else np.frombuffer(row[0], np.float32)

    def _keep(self, key: bytes, vector: NDArray[np.float32]) -> None:
        if self._forgets or self._kept == MOST:
            return
        try:
            self._opened().execute("INSERT INTO vectors (key, vector) VALUES (?, ?)", (key, vector.tobytes()))
        except (sqlite3.OperationalError, Unwritable):
            self._forget()
        else:
            self._kept += 1

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = self._files.enter_context(temporary_database())
            self._database.executescript(_SCHEMA)
        return self._database

    def _forget(self) -> None:
        self._forgets, self._database = True, None
        self._files.close()
