"""Who did what, and when: an entry for each act of staff and admins, kept for good."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge_base.ids import AuditId, ChannelId, CommunityId, MemberId, SpaceId
from knowledge_base.members import Role


class Granted(StrEnum):
    """Whether whoever asked for it has the role that it needs."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act, as it was asked for. ``by`` had ``role`` then.

    ``deed`` is a command (``/insight merge``) or what was pressed or sent (``ship``); ``about`` is what it was done to,
    as names, numbers and choices of ours, and nothing that anybody wrote.
    """

    id: AuditId
    community: CommunityId
    at: datetime
    by: MemberId
    role: Role
    deed: str
    about: str
    space: SpaceId
    channel: ChannelId
    granted: Granted = Granted.YES
