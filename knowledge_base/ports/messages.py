"""What was said."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.channels import Audience
from knowledge_base.ids import (
    ChannelId,
    CommunityId,
    ConversationId,
    MemberId,
    MessageId,
    SpaceId,
)
from knowledge_base.messages import Message


class Messages(Protocol):
    """What was said."""

    @abstractmethod
    async def add(self, messages: Sequence[Message]) -> None:
        """Store new messages, in lane order."""

    @abstractmethod
    async def get(self, community: CommunityId, message: MessageId) -> Message | None:
        """One message (deleted ones too), or None."""

    @abstractmethod
    async def replace(self, message: Message) -> None:
        """Store a message anew after an edit or a new judgement; its place in the lane stays."""

    @abstractmethod
    async def erase(self, community: CommunityId, messages: Collection[MessageId]) -> None:
        """Blank text, author's name, link, reasons and facets and mark them deleted; the rows stay as tombstones."""

    @abstractmethod
    async def recent(self, community: CommunityId, space: SpaceId, channel: ChannelId, limit: int) -> Sequence[Message]:
        """The last ``limit`` messages stored in a lane, threads included, deleted ones left out, oldest first."""

    @abstractmethod
    async def by_author(self, community: CommunityId, member: MemberId) -> Sequence[Message]:
        """Everything kept of a member, deleted ones left out, oldest first."""

    @abstractmethod
    async def first_said(self, community: CommunityId, members: Collection[MemberId]) -> Mapping[MemberId, datetime]:
        """When each of these members first said something that was stored, deleted or not."""

    @abstractmethod
    async def said_in(
        self,
        community: CommunityId,
        space: SpaceId,
        channel: ChannelId,
        thread: MessageId | None,
        *,
        after: int,
        limit: int,
    ) -> tuple[Sequence[Message], int]:
        """The next ``limit`` messages of a thread, or for None of a whole channel, deleted ones left out.

        And the place of the last of them in its lane; ``after`` is such a place, 0 for the beginning. The message that
        a thread hangs on was said in the thread only where that is a post of its own, as in a forum.
        """

    @abstractmethod
    async def outlived(
        self, community: CommunityId, audience: Audience, before: datetime, limit: int
    ) -> Sequence[Message]:
        """What was said before that moment where such an audience reads now, the oldest first, deleted ones left out.

        In no channel that is known any more: private. Left out is what staff acted on: a voice of an insight with a
        decision, an owner, a tag or a correction that was not dismissed, what has a note, a part of an approved answer.
        """

    @abstractmethod
    async def count_of(self, community: CommunityId, member: MemberId) -> int:
        """How many messages are kept of a member, deleted ones left out."""

    @abstractmethod
    async def conversation(
        self, community: CommunityId, conversation: ConversationId, last: int | None = None
    ) -> Sequence[Message]:
        """A conversation's messages, deleted ones left out, oldest first; with ``last`` only so many of the latest."""
