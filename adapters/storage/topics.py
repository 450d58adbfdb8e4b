"""A community's competitors and product areas."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select

from adapters.storage.tables import topics
from adapters.storage.transaction import Transaction
from knowledge_base.ids import CommunityId
from knowledge_base.ports import Topics
from knowledge_base.topics import Topic, TopicKind

_IN_COMMUNITY = topics.c.community_id == bindparam("community")
_ALL = select(topics).where(_IN_COMMUNITY).order_by(topics.c.kind, topics.c.name)
_ADD = insert(topics)
_REMOVE = delete(topics).where(
    _IN_COMMUNITY, topics.c.kind == bindparam("of_kind"), topics.c.name == bindparam("called")
)


class SqlTopics(Topics):
    """See :class:`knowledge_base.ports.Topics`. Every message asks, so what was read is kept for the transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._read: dict[CommunityId, Sequence[Topic]] = {}

    async def all(self, community: CommunityId) -> Sequence[Topic]:
        """Every topic."""
        if community not in self._read:
            rows = await self._transaction.rows(_ALL, {"community": community})
            self._read[community] = tuple(Topic(row.community_id, row.kind, row.name, tuple(row.words)) for row in rows)
        return self._read[community]

    async def put(self, topic: Topic) -> None:
        """Create or change a topic."""
        await self.remove(topic.community, topic.kind, topic.name)
        row = {"community_id": topic.community, "kind": topic.kind, "name": topic.name, "words": topic.words}
        await self._transaction.run(_ADD, row)

    async def remove(self, community: CommunityId, kind: TopicKind, name: str) -> None:
        """Remove a topic."""
        self._read.pop(community, None)
        await self._transaction.run(_REMOVE, {"community": community, "of_kind": kind, "called": name})
