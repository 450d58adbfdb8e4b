"""The voices of a dry run: signatures in memory, 16 bytes each; vectors and names in temporary files."""

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Final, Self

import numpy as np

from adapters.files.errors import Unwritable
from adapters.files.spill import temporary_database
from dialogue.capturing.placing import KnownVoices, Placement
from knowledge_base.circles import Circle, Readers, readers_in
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.merging import FURTHEST, Candidate, SignatureIndex, Vector, signature

MOST_CANDIDATES: Final = 20
_SCHEMA = """
PRAGMA cache_size = -4000;
PRAGMA journal_mode = OFF;
CREATE TABLE voices (
    position INTEGER PRIMARY KEY, message TEXT NOT NULL, insight INTEGER NOT NULL, kind TEXT NOT NULL,
    circle TEXT NOT NULL
);
CREATE UNIQUE INDEX voices_message ON voices (message);
"""


class SpilledVoices(KnownVoices):
    """Every voice so far, all by one model. Insights are numbered in the order in which they appear, from 1."""

    def __init__(self, database: sqlite3.Connection, vectors: BinaryIO) -> None:
        self._database = database
        self._vectors = vectors
        self._index = SignatureIndex()
        self.insights = 0
        database.executescript(_SCHEMA)
        database.execute("BEGIN")

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """No voices yet, for the time of the block."""
        with temporary_database() as database, TemporaryFile(buffering=0) as vectors:
            yield cls(database, vectors)

    async def nearest(self, model: str, vector: Vector, readers: Readers) -> Sequence[Candidate]:
        """See :class:`KnownVoices`. Found as live: where others than such readers are near, it is looked further."""
        signed, wanted = signature(vector), MOST_CANDIDATES
        while True:
            positions = self._index.near(signed, wanted)
            known = self._known(positions, readers)
            if len(positions) < wanted or len(known) >= MOST_CANDIDATES or wanted >= FURTHEST:
                break
            wanted *= 2
        found = sorted((-_cosine(self._read(position, vector.nbytes), vector), position) for position in known)
        return [
            Candidate(_insight_id(insight), MessageId(message), Kind(kind), -far, Circle(circle))
            for far, (message, insight, kind, circle) in ((far, known[position]) for far, position in found)
        ][:MOST_CANDIDATES]

    async def insight_of(self, message: MessageId, circle: Circle) -> tuple[InsightId, Kind] | None:
        """See :class:`KnownVoices`."""
        asked = "SELECT insight, kind FROM voices WHERE message = ? AND circle = ?"
        row = self._database.execute(asked, (message, circle)).fetchone()
        return (_insight_id(row[0]), Kind(row[1])) if row else None

    def add(self, message: MessageId, kind: Kind, placement: Placement) -> int:
        """Make a message a voice of the insight it was placed in, or of a new one; returns the insight's number."""
        if placement.insight is None:
            self.insights += 1
        number = self.insights if placement.insight is None else int(placement.insight)
        position = self._index.add(signature(placement.vector))
        data = placement.vector.astype(np.float32).tobytes()
        try:
            written = os.pwrite(self._vectors.fileno(), data, position * len(data))
            if written < len(data):  # a disk that fills up takes what still fits, and says nothing
                raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as cause:
            raise Unwritable("The temporary file", cause) from cause
        self._database.execute(
            "INSERT INTO voices VALUES (?, ?, ?, ?, ?)", (position, message, number, kind.value, placement.circle)
        )
        return number

    def _known(self, positions: Sequence[int], readers: Readers) -> Mapping[int, tuple[str, int, str, str]]:
        marks = ",".join("?" * len(positions))
        rows = self._database.execute(
            f"SELECT position, message, insight, kind, circle FROM voices WHERE position IN ({marks})",  # noqa: S608 - marks only
            positions,
        )
        return {row[0]: row[1:] for row in rows if readers_in(row[4]) == readers}

    def _read(self, position: int, length: int) -> Vector:
        return np.frombuffer(os.pread(self._vectors.fileno(), length, position * length), np.float32)


def _cosine(known: Vector, vector: Vector) -> float:
    # each by itself, as live: a matrix product's last bits would depend on how many were found
    return float(np.dot(known, vector))


def _insight_id(number: int) -> InsightId:
    """Sorts as the number does: of equally near insights the earliest wins."""
    return InsightId(f"{number:012d}")
