"""What is learned from what staff corrected."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CommunityId, InsightId, MessageId
from knowledge_base.learning import Learned, Lesson, Shipped
from knowledge_base.steps import Step


class Learning(Protocol):
    """Each community learns from its own corrections alone. What it learned is derived, never stored.

    Corrections are numbered by age in their community, from 1. Only the latest :data:`MOST_LESSONS` teach.
    """

    @abstractmethod
    async def corrections(self, community: CommunityId) -> Sequence[tuple[int, Correction]]:
        """Those that count, with their numbers, newest first.

        They stand, nobody left them out, and none is of before a reset.
        """

    @abstractmethod
    async def find(
        self, community: CommunityId, sort: CorrectionSort, about: MessageId | InsightId
    ) -> Sequence[Correction]:
        """The corrections of a sort about a message or an insight that stand, oldest first, counting or not."""

    @abstractmethod
    async def lessons(self, community: CommunityId) -> Sequence[Lesson]:
        """What those teach, whether learning is on or off."""

    @abstractmethod
    async def learned(self, community: CommunityId, shipped: Shipped) -> Learned:
        """What holds now: nothing where learning is off.

        Asked for every message, so it is derived once in a unit of work, and anew after a correction or a step in it.
        """

    @abstractmethod
    async def is_on(self, community: CommunityId) -> bool:
        """Whether the community is judged as it has taught. It is, until somebody says otherwise."""

    @abstractmethod
    async def take(self, step: Step) -> None:
        """Keep a step; it holds from now on. The community is locked."""

    @abstractmethod
    async def steps(self, community: CommunityId) -> Sequence[Step]:
        """Every step, oldest first."""


MOST_LESSONS = 300
"""Older corrections no longer teach: a community may change."""
