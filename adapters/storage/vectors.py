"""The vectors of voices: kept, found by nearness, and made anew when the models change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from sqlalchemy import bindparam, delete, exists, func, select, update

from adapters.storage.search import ADD, VoiceIndexes
from adapters.storage.tables import communities, corrections, messages, regroupings, vectors, voices
from adapters.storage.transaction import ONLY_COUNTS, Transaction
from knowledge_base.circles import Readers
from knowledge_base.ids import CommunityId, InsightId, MessageId
from knowledge_base.merging import CORE, SIGNATURE_WORDS, Candidate, Meaning, Vector, signature
from knowledge_base.ports import OutdatedVoice, Vectors

_NUMBERS_AT_ONCE: Final = 32
"""How many numbers a unit of work takes at a time; those that it does not use are never given."""
_OF_NOTHING: Final = bytes(8 * SIGNATURE_WORDS)
"""The signature of a vector of zeros, and of no other that a model makes."""

_NEXT_NUMBERS = (
    update(communities)
    .where(communities.c.community_id == bindparam("community"))
    .values(last_voice=communities.c.last_voice + _NUMBERS_AT_ONCE)
    .returning(communities.c.last_voice)
    .execution_options(**ONLY_COUNTS)
)
_REMOVE = delete(vectors).where(
    vectors.c.community_id == bindparam("community"), vectors.c.message == bindparam("of_message")
)
_SAID = (voices.c.community_id == messages.c.community_id) & (voices.c.message == messages.c.message)
_OUTDATED = (
    select(voices.c.community_id, func.count().label("voices"))
    .where(voices.c.model != bindparam("by"))
    .group_by(voices.c.community_id)
    .order_by(voices.c.community_id)
)
_SAYS_SOMETHING = exists().where(
    vectors.c.community_id == voices.c.community_id,
    vectors.c.message == voices.c.message,
    vectors.c.signature != _OF_NOTHING,
)
_NEXT_OUTDATED = (
    select(
        voices.c.number,
        voices.c.message,
        messages.c.text,
        messages.c.language,
        _SAYS_SOMETHING.label("says_something"),
    )
    .join(messages, _SAID)
    .where(
        voices.c.community_id == bindparam("community"),
        voices.c.model != bindparam("by"),
        voices.c.number > bindparam("after"),
    )
    .order_by(voices.c.number)
    .limit(bindparam("most"))
)
_STILL_SAYS = select(messages.c.message).where(
    messages.c.community_id == bindparam("community"),
    messages.c.message == bindparam("of_message"),
    messages.c.text == bindparam("of_text"),
)
_RENEW = (
    update(voices)
    .where(voices.c.community_id == bindparam("community"), voices.c.message == bindparam("of_message"))
    .values(model=bindparam("by"))
)


_BY_STAFF = exists().where(
    regroupings.c.community_id == bindparam("community"),
    regroupings.c.destination == bindparam("of_insight"),
    corrections.c.community_id == regroupings.c.community_id,
    corrections.c.correction == regroupings.c.correction,
    corrections.c.undone_at.is_(None),
)
_CORE_OF = (
    select(vectors.c.vector)
    .join(voices, (voices.c.community_id == vectors.c.community_id) & (voices.c.message == vectors.c.message))
    .where(
        voices.c.community_id == bindparam("community"),
        voices.c.insight == bindparam("of_insight"),
        vectors.c.model == bindparam("of_model"),
        vectors.c.signature != _OF_NOTHING,
        ~_BY_STAFF,
    )
    .order_by(voices.c.number)
    .limit(CORE)
)
_NUMBERED = (
    select(
        voices.c.message,
        voices.c.insight,
        func.row_number().over(partition_by=voices.c.insight, order_by=voices.c.number).label("place"),
    )
    .where(
        voices.c.community_id == bindparam("community"),
        voices.c.insight.in_(bindparam("these", expanding=True)),
    )
    .subquery()
)
_FIRST_OF_MANY = (
    select(vectors.c.model, _NUMBERED.c.insight, vectors.c.vector)
    .join(_NUMBERED, _NUMBERED.c.message == vectors.c.message)
    .where(
        vectors.c.community_id == bindparam("community"),
        vectors.c.signature != _OF_NOTHING,
        _NUMBERED.c.place <= CORE,
    )
    .order_by(_NUMBERED.c.insight, _NUMBERED.c.place)
)


class SqlVectors(Vectors):
    """See :class:`knowledge_base.ports.Vectors`. Insights keep their voices' vectors here, too."""

    def __init__(self, transaction: Transaction, indexes: VoiceIndexes) -> None:
        self._transaction = transaction
        self._indexes = indexes
        self._filled: set[tuple[CommunityId, str]] = set()
        self._numbers: dict[CommunityId, Iterator[int]] = {}

    async def outdated(self, by: str) -> Mapping[CommunityId, int]:
        """How many voices of each community have vectors by other models."""
        return {row.community_id: row.voices for row in await self._transaction.rows(_OUTDATED, {"by": by})}

    async def next_outdated(self, community: CommunityId, by: str, after: int, limit: int) -> Sequence[OutdatedVoice]:
        """Such voices in their order."""
        wanted = {"community": community, "by": by, "after": after, "most": limit}
        rows = await self._transaction.rows(_NEXT_OUTDATED, wanted)
        return [OutdatedVoice(row.number, row.message, row.text, row.language, not row.says_something) for row in rows]

    async def replace(self, community: CommunityId, message: MessageId, text: str, meaning: Meaning) -> bool:
        """Put a voice's vectors in the place of those it had, if it still says that."""
        this = {"community": community, "of_message": message}
        if await self._transaction.row(_STILL_SAYS, {**this, "of_text": text}) is None:
            return False
        if not await self._transaction.run(_RENEW, {**this, "by": meaning.by}):
            return False
        await self.remove(community, [message])
        self.add(community, message, await self.next_number(community), meaning)
        return True

    async def next_number(self, community: CommunityId) -> int:
        """A number that no voice or vector of the community was ever given; each is above all before."""
        number = next(self._numbers.get(community, iter(())), None)
        if number is None:
            (counter,) = await self._transaction.rows_written(_NEXT_NUMBERS, {"community": community})
            numbers = iter(range(counter.last_voice - _NUMBERS_AT_ONCE + 1, counter.last_voice + 1))
            self._numbers[community] = numbers
            number = next(numbers)
        return number

    def add(self, community: CommunityId, message: MessageId, number: int, meaning: Meaning) -> None:
        """Keep a voice's vectors, under a number that is above those of all others of the community."""
        for embedding in meaning.embeddings:
            signature_ = signature(embedding.vector)
            self._transaction.write_soon(
                ADD,
                {
                    "community_id": community,
                    "message": message,
                    "model": embedding.model,
                    "number": number,
                    "size": len(embedding.vector),
                    "signature": signature_.tobytes(),
                    "vector": embedding.vector.tobytes(),
                },
            )
            if (community, embedding.model) in self._filled:
                alone = meaning.is_of_one_model
                self._indexes.add(self._transaction, community, embedding.model, number, signature_, alone=alone)

    async def remove(self, community: CommunityId, messages: Collection[MessageId]) -> None:
        """Forget the vectors of voices, of one at least."""
        await self._transaction.run(_REMOVE, [{"community": community, "of_message": message} for message in messages])

    async def nearest(
        self,
        community: CommunityId,
        model: str,
        vector: Vector,
        readers: Readers,
        limit: int,
        *,
        alone: bool,
        least: float,
    ) -> Sequence[Candidate]:
        """Voices that may say the same, by cosine, nearest first; ``alone``: those that no other model knows."""
        if (community, model) not in self._filled:
            await self._indexes.fill(self._transaction, community, model)
            self._filled.add((community, model))
        return await self._indexes.nearest(
            self._transaction, community, model, vector, readers, limit, alone=alone, least=least
        )

    async def core(self, community: CommunityId, insight: InsightId, model: str) -> Sequence[Vector]:
        """The vectors of an insight's first voices that say something, in order; none where staff regrouped it."""
        wanted = {"community": community, "of_insight": insight, "of_model": model}
        return [np.frombuffer(row.vector, np.float32) for row in await self._transaction.rows(_CORE_OF, wanted)]

    async def first_of_many(
        self, community: CommunityId, insights: Collection[InsightId]
    ) -> Mapping[str, Mapping[InsightId, Sequence[Vector]]]:
        """By model and insight, the vectors of its first voices as far as they say something."""
        found: dict[str, dict[InsightId, list[Vector]]] = {}
        for row in await self._transaction.rows_of(_FIRST_OF_MANY, {"community": community}, insights):
            theirs = found.setdefault(row.model, {}).setdefault(row.insight, [])
            theirs.append(np.frombuffer(row.vector, np.float32))
        return found
