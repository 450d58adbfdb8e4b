"""Which voices may say the same: signatures in memory find the few, their stored vectors decide.

The signatures are a copy of committed rows that fills itself by their numbers, inside whichever transaction asks first.
A transaction that is rolled back takes what it had filled in with it, because its numbers will be given again.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Select, bindparam, exists, insert, select

from adapters.storage.tables import insights, messages, vectors, voices
from adapters.storage.transaction import StoredRow, Transaction, Values
from knowledge_base.circles import Readers
from knowledge_base.ids import CommunityId
from knowledge_base.merging import FURTHEST, Candidate, Signature, SignatureIndex, Vector, Wording, signature

ADD = insert(vectors)
"""Keeps a vector; as long as it waits to be written, so does its voice."""
_OTHERS = vectors.alias()
_ALONE = ~exists().where(
    _OTHERS.c.community_id == vectors.c.community_id,
    _OTHERS.c.message == vectors.c.message,
    _OTHERS.c.model != vectors.c.model,
)
_NEWER = (
    select(vectors.c.number, vectors.c.signature, _ALONE.label("alone"))
    .where(
        vectors.c.community_id == bindparam("community"),
        vectors.c.model == bindparam("of_model"),
        vectors.c.number > bindparam("last"),
    )
    .order_by(vectors.c.number)
)
_THESE = (
    vectors.c.community_id == bindparam("community"),
    vectors.c.model == bindparam("of_model"),
    vectors.c.number.in_(bindparam("numbers", expanding=True)),
)
_OF_VECTOR = (voices.c.community_id == vectors.c.community_id) & (voices.c.message == vectors.c.message)
_SAID = (messages.c.community_id == vectors.c.community_id) & (messages.c.message == vectors.c.message)
_OF_VOICE = (insights.c.community_id == voices.c.community_id) & (insights.c.insight == voices.c.insight)
_VECTORS = (
    select(vectors.c.number, vectors.c.vector)
    .join(voices, _OF_VECTOR)
    .where(*_THESE, voices.c.circle.like(bindparam("said_to")))
)
_WORDS = (
    select(
        vectors.c.number,
        vectors.c.message,
        voices.c.insight,
        insights.c.kind,
        voices.c.circle,
        messages.c.text,
        messages.c.language,
    )
    .join(voices, _OF_VECTOR)
    .join(messages, _SAID)
    .join(insights, _OF_VOICE)
    .where(*_THESE)
)


@dataclass
class _Signed:
    """Signatures by one model, and the number of the voice at each position."""

    signatures: SignatureIndex = field(default_factory=SignatureIndex)
    numbers: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, number: int, signed: Signature) -> None:
        self.signatures.add(signed)
        self.numbers.append(number)

    def truncate(self, count: int) -> None:
        self.signatures.truncate(count)
        del self.numbers[count:]

    def near(self, signed: Signature, limit: int) -> list[int]:
        return [self.numbers[position] for position in self.signatures.near(signed, limit).positions]


@dataclass
class _Known:
    """One community's voices by one model: all of them, and those again that no other model knows."""

    every: _Signed = field(default_factory=_Signed)
    alone: _Signed = field(default_factory=_Signed)

    @property
    def last(self) -> int:
        return self.every.numbers[-1] if self.every.numbers else 0

    def add(self, number: int, signed: Signature, *, alone: bool) -> None:
        self.every.add(number, signed)
        if alone:
            self.alone.add(number, signed)

    def back(self) -> Callable[[], None]:
        """What makes it as it is now."""
        every, alone = len(self.every.numbers), len(self.alone.numbers)

        def undo() -> None:
            self.every.truncate(every)
            self.alone.truncate(alone)

        return undo


class VoiceIndexes:
    """The signatures of every community and model that was asked for, shared by all transactions."""

    def __init__(self) -> None:
        self._known: dict[tuple[CommunityId, str], _Known] = {}

    async def nearest(
        self,
        transaction: Transaction,
        community: CommunityId,
        model: str,
        vector: Vector,
        readers: Readers,
        limit: int,
        *,
        alone: bool,
        least: float,
    ) -> list[Candidate]:
        """Voices that may say the same, by cosine, nearest first. The index is :meth:`filled`.

        ``alone``: only those that no other model knows; ``least``: and of at least that cosine.
        """
        known = self._known[community, model]
        signed, searched, wanted = signature(vector), known.alone if alone else known.every, limit
        asked = {"community": community, "of_model": model}
        while True:
            near = searched.near(signed, wanted)
            rows = await _of(near, transaction, _VECTORS, {**asked, "said_to": f"{readers}%"})
            # voices removed since, and those for other readers, leave holes among the nearest: then look further
            if len(near) < wanted or len(rows) >= limit or wanted >= FURTHEST:
                break
            wanted *= 2
        nearest = sorted((-_cosine(row.vector, vector), row.number) for row in rows)[:limit]
        # few of the nearest are near: the words of the others are not read, nor of what was just taken away
        cosines = {number: -far for far, number in nearest if -far >= least}
        words = {row.number: row for row in await _of(list(cosines), transaction, _WORDS, asked)}
        return [_candidate(words[number], cosine) for number, cosine in cosines.items() if number in words]

    async def fill(self, transaction: Transaction, community: CommunityId, model: str) -> None:
        """Take in what was added since the last time."""
        known = self._known.setdefault((community, model), _Known())
        newer = await transaction.rows(_NEWER, {"community": community, "of_model": model, "last": known.last})
        # another transaction may have filled in the same rows while this one waited for them
        missing = [row for row in newer if row.number > known.last]
        if missing:
            transaction.if_rolled_back(known.back())
        for row in missing:
            known.add(row.number, np.frombuffer(row.signature, np.uint64), alone=row.alone)

    def add(
        self,
        transaction: Transaction,
        community: CommunityId,
        model: str,
        number: int,
        signed: Signature,
        *,
        alone: bool,
    ) -> None:
        """Take in a voice that this transaction adds; it holds the community, and has filled in all others."""
        known = self._known[community, model]
        transaction.if_rolled_back(known.back())
        known.add(number, signed, alone=alone)


async def _of(
    numbers: list[int], transaction: Transaction, statement: Select[tuple[object, ...]], asked: Values
) -> Sequence[StoredRow]:
    """The rows of these vectors, those that wait to be written too."""
    if not numbers:
        return ()
    wanted = {**asked, "numbers": numbers}
    waiting = transaction.waiting(ADD, {"community_id": asked["community"], "model": asked["of_model"]})
    if any(row["number"] in numbers for row in waiting):
        return await transaction.rows(statement, wanted)
    return await transaction.rows_written(statement, wanted)


def _candidate(row: StoredRow, cosine: float) -> Candidate:
    wording = Wording(row.message, row.text, row.language)
    return Candidate(row.insight, row.kind, cosine, row.circle, lambda: wording)


def _cosine(stored: bytes, vector: Vector) -> float:
    # each by itself: a matrix product's last bits would depend on how many were found
    return float(np.dot(np.frombuffer(stored, np.float32), vector))
