"""What is looked out for."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from knowledge_base.ids import CommunityId
from knowledge_base.topics import Topic, TopicKind


class Topics(Protocol):
    """A community's competitors and product areas."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[Topic]:
        """Every topic, by kind and name. Asked for every message, so it has to be cheap within a unit of work."""

    @abstractmethod
    async def put(self, topic: Topic) -> None:
        """Create a topic, or change the words of the one of that kind and name."""

    @abstractmethod
    async def remove(self, community: CommunityId, kind: TopicKind, name: str) -> None:
        """Remove a topic; messages keep what they were found to name."""
