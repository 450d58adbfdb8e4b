"""What a community's admins want to be looked out for in messages."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge_base.ids import CommunityId


class TopicKind(StrEnum):
    """What is looked out for."""

    COMPETITOR = "competitor"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Topic:
    """A competitor, or an area of the product, by its name and by other words for it."""

    community: CommunityId
    kind: TopicKind
    name: str
    words: tuple[str, ...] = ()
