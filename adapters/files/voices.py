"""The voices of a dry run. In memory: signatures, 16 bytes a vector, the insight, kind and circle of each voice, and
what was found lately. In temporary files: all vectors and words.
"""

import errno
import os
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import ExitStack
from functools import lru_cache, partial
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, Final

import numpy as np

from adapters.files.errors import Unwritable
from adapters.files.spill import temporary_database
from dialogue.capturing.placing import KnownVoices, Placement
from knowledge_base.circles import Circle, Readers, readers_in
from knowledge_base.contrasts import READ
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.merging import (
    CORE,
    FURTHEST,
    Candidate,
    Near,
    Signature,
    SignatureIndex,
    Vector,
    Wording,
    signature,
)

MOST_CANDIDATES: Final = 20
_NOBODY: Final = Circle("nobody")
"""Who hears what was withdrawn."""
_KEPT: Final = 1_024
"""Voices whose words, and vectors, are known without asking the disk: what is near to one statement is near to the
next such one."""
_SEARCHES_KEPT: Final = 4_096
"""Signatures, the last ones, of which it is known what was near: 500 bytes each, by each model among all voices, and
among those that it alone knows."""
_SCHEMA = """
PRAGMA cache_size = -4000;
PRAGMA journal_mode = OFF;
CREATE TABLE voices (
    position INTEGER PRIMARY KEY, message TEXT NOT NULL, insight INTEGER NOT NULL, kind TEXT NOT NULL,
    circle TEXT NOT NULL, said TEXT NOT NULL, language TEXT NOT NULL
);
CREATE UNIQUE INDEX voices_message ON voices (message);
CREATE INDEX voices_insight ON voices (insight);
"""

_WORDING: Final = "SELECT message, said, language FROM voices WHERE position = ?"
_KINDS: Final = tuple(Kind)


class _Searched:
    """Signatures, and what was near to those searched for lately: of these only what came since is looked at again."""

    def __init__(self) -> None:
        self._index = SignatureIndex()
        self._lately: OrderedDict[bytes, Near] = OrderedDict()

    def add(self, signed: Signature) -> int:
        """Keep a signature; returns its position."""
        return self._index.add(signed)

    def near(self, signed: Signature, limit: int) -> list[int]:
        """The positions of the nearest signatures."""
        if limit != MOST_CANDIDATES:  # looked further, which is rare
            return self._index.near(signed, limit).positions
        key = signed.tobytes()
        near = self._lately[key] = self._index.near(signed, limit, self._lately.pop(key, None))
        if len(self._lately) > _SEARCHES_KEPT:
            self._lately.popitem(last=False)
        return near.positions


class _OneModel:
    """The vectors of one model, in the order they came, and the voice of each."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._index = _Searched()
        self._voices = array("i")
        self._alone = _Searched()
        self._positions_alone = array("i")
        self._length = 0
        self._read = lru_cache(_KEPT)(self._read_anew)
        self._lately: tuple[Vector, Signature] | None = None

    def signed(self, vector: Vector) -> Signature:
        """The signature of a vector: whoever looks for what is near to it adds it next."""
        if self._lately is None or self._lately[0] is not vector:
            self._lately = vector, signature(vector)
        return self._lately[1]

    def add(self, voice: int, vector: Vector, *, alone: bool) -> None:
        """Keep a voice's vector. Raises :class:`~adapters.files.errors.Unwritable`."""
        signed = self.signed(vector)
        data, position = vector.astype(np.float32).tobytes(), self._index.add(signed)
        self._voices.append(voice)
        if alone:
            self._alone.add(signed)
            self._positions_alone.append(position)
        self._length = len(data)
        try:
            written = os.pwrite(self._file.fileno(), data, position * len(data))
            if written < len(data):  # a disk that fills up takes what still fits, and says nothing
                raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as cause:
            raise Unwritable("The temporary file", cause) from cause

    def near(self, signed: Signature, limit: int, *, alone: bool) -> list[tuple[int, int]]:
        """The voices with the nearest signatures, each with its position here; ``alone``: that no other model knows."""
        if alone:
            positions = [self._positions_alone[at] for at in self._alone.near(signed, limit)]
        else:
            positions = self._index.near(signed, limit)
        return [(self._voices[position], position) for position in positions]

    def of(self, voice: int) -> Vector | None:
        """A voice's vector; None if it has none by this model."""
        position = bisect_left(self._voices, voice)
        known = position < len(self._voices) and self._voices[position] == voice
        return self._read(position) if known else None

    def cosine(self, position: int, vector: Vector) -> float:
        """How alike the vector at a position is."""
        return _cosine(self._read(position), vector)

    def _read_anew(self, position: int) -> Vector:
        length = self._length
        return np.frombuffer(os.pread(self._file.fileno(), length, position * length), np.float32)


class SpilledVoices(KnownVoices):
    """Every voice so far. Insights are numbered in the order in which they appear, from 1."""

    def __init__(self, files: ExitStack) -> None:
        self._files = files
        """Closes the temporary files once they are not needed any more."""
        self._database = files.enter_context(temporary_database())
        self._models: dict[str, _OneModel] = {}
        self._placed_in, self._kinds, self._heard = array("i"), array("b"), array("i")
        """By voice: its insight's number, its kind's place in ``Kind``, and its circle's among ``_circles``."""
        self._circles, self._readers, self._numbers = [_NOBODY], [readers_in(_NOBODY)], {_NOBODY: 0}
        self._wording = lru_cache(_KEPT)(self._read_wording)
        self.insights = 0
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")

    async def nearest(
        self, model: str, vector: Vector, readers: Readers, *, alone: bool, least: float
    ) -> Sequence[Candidate]:
        """See :class:`KnownVoices`. Found as live: where others than such readers are near, it is looked further."""
        one, wanted = self._of(model), MOST_CANDIDATES
        while True:
            near = one.near(one.signed(vector), wanted, alone=alone)
            heard = [found for found in near if self._readers[self._heard[found[0]]] == readers]
            if len(near) < wanted or len(heard) >= MOST_CANDIDATES or wanted >= FURTHEST:
                break
            wanted *= 2
        nearest = sorted((-one.cosine(position, vector), voice) for voice, position in heard)[:MOST_CANDIDATES]
        return [self._candidate(voice, -far) for far, voice in nearest if -far >= least]

    async def insight_of(self, message: MessageId, circle: Circle) -> tuple[InsightId, Kind] | None:
        """See :class:`KnownVoices`."""
        asked = "SELECT insight, kind FROM voices WHERE message = ? AND circle = ?"
        row = self._database.execute(asked, (message, circle)).fetchone()
        return (_insight_id(row[0]), Kind(row[1])) if row else None

    async def core(self, insight: InsightId, model: str) -> Sequence[Vector]:
        """See :class:`KnownVoices`."""
        asked = "SELECT position FROM voices WHERE insight = ? ORDER BY position"
        vectors = (self._of(model).of(row[0]) for row in self._database.execute(asked, (int(insight),)))
        return list(islice((vector for vector in vectors if vector is not None and vector.any()), CORE))

    def add(self, message: MessageId, text: str, language: str, kind: Kind, placement: Placement) -> int:
        """Make a message a voice of the insight it was placed in, or of a new one; returns the insight's number."""
        if placement.insight is None:
            self.insights += 1
        number, voice = self.insights if placement.insight is None else int(placement.insight), len(self._heard)
        for embedding in placement.meaning.embeddings:
            alone = placement.meaning.is_of_one_model
            self._of(embedding.model).add(voice, embedding.vector, alone=alone)
        said = text[: READ + 1].encode("utf-8", "replace").decode()
        row = (voice, message, number, kind.value, placement.circle, said, language)
        self._database.execute("INSERT INTO voices VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self._placed_in.append(number)
        self._kinds.append(_KINDS.index(kind))
        self._heard.append(self._number(placement.circle))
        return number

    def voiced(self, message: MessageId) -> tuple[InsightId, Kind, int] | None:
        """The insight that a message is a voice of, its kind, and how many voices it has; None if it is no voice."""
        asked = """SELECT insight, kind, (SELECT count(*) FROM voices AS others WHERE others.insight = voices.insight)
            FROM voices WHERE message = ?"""
        row = self._database.execute(asked, (message,)).fetchone()
        return (_insight_id(row[0]), Kind(row[1]), row[2]) if row else None

    def withdraw(self, message: MessageId) -> None:
        """Make a message no voice any more; its vectors are found no longer."""
        gone = self._database.execute("DELETE FROM voices WHERE message = ? RETURNING position", (message,)).fetchall()
        for (voice,) in gone:
            self._heard[voice] = 0

    def _of(self, model: str) -> _OneModel:
        if model not in self._models:
            file = self._files.enter_context(TemporaryFile(buffering=0))  # noqa: SIM115 - entered, for as long as we are
            self._models[model] = _OneModel(file)
        return self._models[model]

    def _number(self, circle: Circle) -> int:
        if circle not in self._numbers:
            self._numbers[circle] = len(self._circles)
            self._circles.append(circle)
            self._readers.append(readers_in(circle))
        return self._numbers[circle]

    def _candidate(self, voice: int, cosine: float) -> Candidate:
        insight, circle = _insight_id(self._placed_in[voice]), self._circles[self._heard[voice]]
        return Candidate(insight, _KINDS[self._kinds[voice]], cosine, circle, partial(self._wording, voice))

    def _read_wording(self, voice: int) -> Wording:
        message, said, language = self._database.execute(_WORDING, (voice,)).fetchone()
        return Wording(MessageId(message), said, language)


def _cosine(known: Vector, vector: Vector) -> float:
    # each by itself, as live: a matrix product's last bits would depend on how many were found
    return float(np.dot(known, vector))


def _insight_id(number: int) -> InsightId:
    """Sorts as the number does: of equally near insights the earliest wins."""
    return InsightId(f"{number:012d}")
