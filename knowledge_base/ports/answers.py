"""Answers: candidates found in conversations, and what was approved."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.answers import Answer, AnswerChange, Checked, Part, Source
from knowledge_base.ids import AccountId, AnswerId, CommunityId, ConversationId, InsightId, MessageId, SpaceId


class Answers(Protocol):
    """Answers, what they are made of, and their history. Whoever changes any has locked the community."""

    @abstractmethod
    async def add(self, answer: Answer, parts: Sequence[tuple[Part, MessageId]] = ()) -> Answer:
        """Store a new answer made of these messages; its ``number`` is given here. Returns it so numbered."""

    @abstractmethod
    async def replace(self, answer: Answer) -> None:
        """Store changed fields."""

    @abstractmethod
    async def make_of(self, community: CommunityId, answer: AnswerId, parts: Sequence[tuple[Part, MessageId]]) -> None:
        """It is made of these messages and no others from now on."""

    @abstractmethod
    async def get(self, community: CommunityId, answer: AnswerId) -> Answer | None:
        """One answer, or None."""

    @abstractmethod
    async def by_number(self, community: CommunityId, number: int) -> Answer | None:
        """One answer by its short name, or None."""

    @abstractmethod
    async def of_message(self, community: CommunityId, message: MessageId) -> Sequence[Answer]:
        """The answers that a message is part of, by number."""

    @abstractmethod
    async def touching(self, community: CommunityId, messages: Collection[MessageId]) -> frozenset[MessageId]:
        """Which of these are part of an answer, or bear a check mark."""

    @abstractmethod
    async def asked_in(
        self, community: CommunityId, conversation: ConversationId, questions: Collection[MessageId] = ()
    ) -> Sequence[Answer]:
        """The answers whose question stood in a conversation when they were last looked at, by number.

        And those to these questions, wherever they stood. A question has one answer at most.
        """

    @abstractmethod
    async def waiting(self, community: CommunityId, limit: int) -> Sequence[Answer]:
        """Candidates, those that surely worked first (confirmed, open, denied), then the latest first.

        Before all of them, approved ones that want another look.
        """

    @abstractmethod
    async def approved(self, community: CommunityId) -> Sequence[Answer]:
        """Every approved answer, by number."""

    @abstractmethod
    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Answer]:
        """Approved answers to what was asked where its voices said it, by number; those that want another look last."""

    @abstractmethod
    async def read_ahead(self, community: CommunityId, insights: Sequence[InsightId]) -> None:
        """The answers of these will be asked for."""

    @abstractmethod
    async def sources(self, community: CommunityId, answer: AnswerId) -> Sequence[Source]:
        """What it is made of, question, solution and proof in that order; what was deleted is left out."""

    @abstractmethod
    async def record(self, community: CommunityId, change: AnswerChange) -> None:
        """Add to the history."""

    @abstractmethod
    async def history(self, community: CommunityId, answer: AnswerId) -> Sequence[AnswerChange]:
        """What was done with it, oldest first."""

    @abstractmethod
    async def undo_last(self, community: CommunityId, answer: AnswerId) -> AnswerChange | None:
        """Mark the last that people decided and that holds as undone; returns it, or None where there is none."""

    @abstractmethod
    async def wipe(self, community: CommunityId, answer: AnswerId) -> None:
        """Blank its wording, tags and source, and those in its history; nothing of it can be undone any more."""

    @abstractmethod
    async def check(self, community: CommunityId, message: MessageId, account: AccountId, at: datetime) -> None:
        """Somebody put a check mark on a stored message; twice is once."""

    @abstractmethod
    async def uncheck(self, community: CommunityId, message: MessageId, account: AccountId | None = None) -> None:
        """Somebody took theirs back; for None, all of the message's are gone."""

    @abstractmethod
    async def forget_checks(self, community: CommunityId, space: SpaceId, account: AccountId) -> None:
        """All check marks of an account are gone."""

    @abstractmethod
    async def checked_in(self, community: CommunityId, conversation: ConversationId) -> Sequence[Checked]:
        """The check marks on a conversation's messages, oldest first."""
