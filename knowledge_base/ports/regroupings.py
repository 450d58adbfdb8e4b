"""Voices that move between insights, and insights that may be the same."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from knowledge_base.circles import Circle
from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MessageId
from knowledge_base.insights import Insight
from knowledge_base.merging import Vector
from knowledge_base.regroupings import Regrouping
from knowledge_base.suggestions import Suggestion


class Regroupings(Protocol):
    """What merges and splits moved, and what they must know of voices. The community is locked by whoever changes."""

    @abstractmethod
    async def add(self, regrouping: Regrouping) -> None:
        """Keep what was done; its correction is stored."""

    @abstractmethod
    async def get(self, community: CommunityId, correction: CorrectionId) -> Regrouping | None:
        """What a correction moved, or None."""

    @abstractmethod
    async def merges_into(self, community: CommunityId, insight: InsightId) -> Sequence[Regrouping]:
        """The merges into an insight that hold, oldest first."""

    @abstractmethod
    async def splits_from(self, community: CommunityId, insight: InsightId) -> Sequence[Regrouping]:
        """The splits off an insight that hold, oldest first."""

    @abstractmethod
    async def comes_from(self, community: CommunityId, correction: CorrectionId, origin: InsightId) -> None:
        """Where a regrouping's voices go when it is undone."""

    @abstractmethod
    async def move_voices(
        self, community: CommunityId, messages: Sequence[MessageId], origin: InsightId, destination: InsightId
    ) -> Sequence[MessageId]:
        """Make those of these messages that voice ``origin`` voices of ``destination``; which, in order of adding.

        Demand and times of both follow; nothing else changes.
        """

    @abstractmethod
    async def circle(self, community: CommunityId, message: MessageId) -> Circle | None:
        """Who heard a voice when it was said; None if the message is no voice."""

    @abstractmethod
    async def vectors(
        self, community: CommunityId, insight: InsightId, model: str, limit: int
    ) -> Mapping[MessageId, Vector]:
        """The vectors by ``model`` of the voices that were added last, the oldest of them first."""

    @abstractmethod
    async def called_by(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Insight]:
        """The insights whose title is from one of these messages: also one whose voices are in another now."""

    @abstractmethod
    async def merged(self, community: CommunityId, limit: int) -> Sequence[Insight]:
        """Insights that are merged into others, the newest first."""


class Suggestions(Protocol):
    """Which insights may be the same."""

    @abstractmethod
    async def add(self, suggestion: Suggestion) -> None:
        """Keep a suggestion; one of the same two stays as it is, refused or not."""

    @abstractmethod
    async def of(self, community: CommunityId, insight: InsightId) -> Sequence[Suggestion]:
        """What an insight may be the same as, the likeliest first, ties by number; refused ones are left out."""

    @abstractmethod
    async def read_ahead(self, community: CommunityId, these: Sequence[InsightId]) -> Sequence[InsightId]:
        """:meth:`of` will be asked for each of these: read it at once. Returns what they may be the same as."""

    @abstractmethod
    async def naming(self, community: CommunityId, insight: InsightId) -> Sequence[InsightId]:
        """The insights that may be the same as this one, which was there before; refused ones are left out."""

    @abstractmethod
    async def refuse(self, community: CommunityId, insight: InsightId, other: InsightId, refusal: CorrectionId) -> None:
        """They are not the same: what was suggested is not suggested again."""

    @abstractmethod
    async def allow(self, community: CommunityId, refusal: CorrectionId) -> None:
        """Undo that refusal."""
