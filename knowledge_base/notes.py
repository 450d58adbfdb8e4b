"""Notes: what staff write about something that was said, for their own people alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from knowledge_base.ids import CommunityId, MemberId, MessageId, NoteId

NOTE_LIMIT: Final = 300
"""The most characters of a note."""


@dataclass(frozen=True, slots=True)
class Note:
    """What ``by`` wrote about a message; it goes where that message's voice goes."""

    id: NoteId
    community: CommunityId
    message: MessageId
    by: MemberId
    text: str
    at: datetime
