"""What members said."""

from dataclasses import dataclass, field
from datetime import datetime

from knowledge_base.facets import Facets
from knowledge_base.ids import ChannelId, CommunityId, ConversationId, MemberId, MessageId, SpaceId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role


@dataclass(frozen=True, slots=True)
class Message:
    """A message as stored: what was said, and what it was judged to be.

    ``text`` is empty once deleted. ``thread`` is the root of the platform's thread, ``reply_to`` the message it answers
    or continues (by platform fact or by judgement). ``version`` is the platform's mark of the last edit, empty if never
    edited. ``link`` is where people open it on the platform, or None. ``reasons`` says why it was judged so; ``facets``
    what else it tells.
    """

    id: MessageId
    community: CommunityId
    space: SpaceId
    channel: ChannelId
    thread: MessageId | None
    author: MemberId
    author_name: str
    role: Role
    at: datetime
    text: str
    language: str
    kind: Kind
    confidence: float
    conversation: ConversationId
    reply_to: MessageId | None
    version: str = ""
    link: str | None = None
    deleted: bool = False
    reasons: tuple[str, ...] = ()
    facets: Facets = field(default_factory=Facets)
