"""What is known, and who said it."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.circles import Circle, Readers
from knowledge_base.ids import (
    ChannelId,
    CommunityId,
    InsightId,
    MemberId,
    MessageId,
    SpaceId,
)
from knowledge_base.insights import Insight, StatusChange, Voice
from knowledge_base.merging import Candidate, Meaning, Vector


class Insights(Protocol):
    """Insights, their voices and history."""

    @abstractmethod
    async def add(self, insight: Insight) -> Insight:
        """Store a new insight; its ``number`` is given here, counting up per community. Returns it so numbered."""

    @abstractmethod
    async def replace(self, insight: Insight) -> None:
        """Store changed fields. ``demand``, ``first_at`` and ``last_at`` are derived from the voices, not taken."""

    @abstractmethod
    async def get(self, community: CommunityId, insight: InsightId) -> Insight | None:
        """One insight, or None."""

    @abstractmethod
    async def read_ahead(self, community: CommunityId, these: Sequence[InsightId]) -> None:
        """These will be asked for one by one, with voices and history: a unit of work that only reads does so now."""

    @abstractmethod
    async def by_number(self, community: CommunityId, number: int) -> Insight | None:
        """One insight by its short name, or None."""

    @abstractmethod
    async def open(self, community: CommunityId, since: datetime | None = None, limit: int = 100) -> Sequence[Insight]:
        """Open insights that had a voice since, by demand (largest first), then last heard (latest first)."""

    @abstractmethod
    async def new(self, community: CommunityId, limit: int) -> Sequence[Insight]:
        """Those that nobody has taken up yet, in the order of :meth:`open`."""

    @abstractmethod
    async def voiced_by(self, community: CommunityId, member: MemberId) -> Sequence[Insight]:
        """The insights that a member voices, each once, that of their latest words first."""

    @abstractmethod
    async def closed(self, community: CommunityId, limit: int = 100) -> Sequence[Insight]:
        """Closed insights that still have a voice, last heard first; those merged into others are left out."""

    @abstractmethod
    async def of_message(self, community: CommunityId, message: MessageId) -> Insight | None:
        """The insight a message is a voice of, or None."""

    @abstractmethod
    async def voices_among(
        self, community: CommunityId, messages: Collection[MessageId]
    ) -> Mapping[MessageId, InsightId]:
        """Of these messages those that are a voice, and of what."""

    @abstractmethod
    async def add_voice(
        self,
        community: CommunityId,
        insight: InsightId,
        message: MessageId,
        meaning: Meaning,
        circle: Circle,
    ) -> Insight:
        """Make a stored message a voice of an insight, with its vectors; returns the insight as it then is.

        ``circle``: who heard it when it was said. The community is locked.
        """

    @abstractmethod
    async def remove_voices(self, community: CommunityId, messages: Collection[MessageId]) -> None:
        """Undo :meth:`add_voice` of each; their vectors go too. Nothing happens to a message that is no voice."""

    @abstractmethod
    async def recount(self, community: CommunityId, insight: InsightId) -> None:
        """Derive the demand anew, where voices have changed their author."""

    @abstractmethod
    async def voices(self, community: CommunityId, insight: InsightId) -> Sequence[Voice]:
        """Voices, oldest first, with the author's present name and consent and the channel's present origin."""

    @abstractmethod
    async def voiced_in(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[InsightId]:
        """The insights that have a voice in a channel, each once, by number."""

    @abstractmethod
    async def nearest(
        self,
        community: CommunityId,
        model: str,
        vector: Vector,
        readers: Readers,
        limit: int = 20,
        *,
        alone: bool = False,
        least: float = -1.0,
    ) -> Sequence[Candidate]:
        """Voices that may say the same, by cosine, nearest first; only vectors of the same model are compared.

        Only those that were said to ``readers`` of the same kind; ``alone``: and of which no other model has a vector;
        ``least``: and of at least that cosine.
        Voices added earlier in this unit of work are found. Words can be read until their voice is withdrawn.
        """

    @abstractmethod
    async def core(self, community: CommunityId, insight: InsightId, model: str) -> Sequence[Vector]:
        """The vectors by ``model`` of the voices that were added first, in that order, at most
        :data:`~knowledge_base.merging.CORE`; those of length 0 are left out. Voices added earlier in this unit of work
        are found. None of an insight that staff merged others into, or split off, as long as that holds."""

    @abstractmethod
    async def first_of_many(
        self, community: CommunityId, insights: Collection[InsightId]
    ) -> Mapping[str, Mapping[InsightId, Sequence[Vector]]]:
        """By model and insight, the vectors of the :data:`~knowledge_base.merging.CORE` voices that were added first,
        in that order, also of those that staff regrouped. Vectors of length 0 are left out, and who has no other."""

    @abstractmethod
    async def record(self, change: StatusChange, community: CommunityId) -> None:
        """Add to the history."""

    @abstractmethod
    async def history(self, community: CommunityId, insight: InsightId) -> Sequence[StatusChange]:
        """Who set which status when, oldest first."""

    @abstractmethod
    async def erase(self, community: CommunityId, insight: InsightId) -> None:
        """Remove an insight that has no voice left: blank its title and set it dismissed."""
