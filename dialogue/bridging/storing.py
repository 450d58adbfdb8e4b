"""Questions, who was asked by which post, and what was carried over. Reached through :mod:`dialogue.ports`."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogue.actions import OutboxId
from dialogue.rows import OutboxState
from knowledge_base.bridges import Question
from knowledge_base.ids import (
    ChannelId,
    CommunityId,
    InsightId,
    MemberId,
    MessageId,
    QuestionId,
    SpaceId,
    TeamId,
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A member is asked because of what they said in ``message``, by the outbox row ``post``.

    ``channel`` and ``thread`` (its root) are where that is posted, None for a direct message.
    """

    question: QuestionId
    member: MemberId
    message: MessageId
    post: OutboxId
    space: SpaceId
    channel: ChannelId | None = None
    thread: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """Something that went over the bridge, by the outbox row ``post``, which stands in ``channel`` (None: directly).

    ``number`` counts from 1 within the question; ``asked`` is the question's post that it belongs to. ``source`` is the
    customer's message that was carried to the team; None for what staff (``by``) answered, of which ``text`` is kept.
    """

    question: QuestionId
    number: int
    asked: OutboxId
    post: OutboxId
    space: SpaceId
    channel: ChannelId | None
    at: datetime
    source: MessageId | None = None
    by: MemberId | None = None
    text: str = ""


class Bridges(Protocol):
    """The bridge's own map of what stands where. A message is carried once."""

    @abstractmethod
    async def ask(self, question: Question, addressees: Sequence[Addressee]) -> None:
        """Store a new question, and who will be asked how."""

    @abstractmethod
    async def question(self, community: CommunityId, question: QuestionId) -> Question | None:
        """One, or None."""

    @abstractmethod
    async def close(self, community: CommunityId, question: QuestionId) -> None:
        """Nothing goes to the team any more."""

    @abstractmethod
    async def waiting(self, community: CommunityId) -> Sequence[Addressee]:
        """Everybody who was asked by questions that are open, by question, the latest first."""

    @abstractmethod
    async def addressees(self, community: CommunityId, question: QuestionId) -> Sequence[tuple[Addressee, OutboxState]]:
        """Everybody who is asked, and what became of the post, by member."""

    @abstractmethod
    async def ask_by(self, community: CommunityId, addressee: Addressee) -> None:
        """The member is asked by this post instead of the one before."""

    @abstractmethod
    async def carry(self, community: CommunityId, carried: Carried) -> None:
        """Remember what goes over. The community is locked by the caller."""

    @abstractmethod
    async def carried(self, community: CommunityId, question: QuestionId) -> Sequence[Carried]:
        """All that went over, in order."""

    @abstractmethod
    async def of_messages(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Carried]:
        """What was carried to teams of these messages, in order."""

    @abstractmethod
    async def carried_of(self, community: CommunityId, member: MemberId) -> Sequence[tuple[InsightId, TeamId]]:
        """Of which insights something that a member said stands with which teams, each once."""

    @abstractmethod
    async def hung_in(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[Carried]:
        """What was carried to a team's channel, in order."""
