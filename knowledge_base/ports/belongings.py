"""Everything that is held of one person, as it is stored."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from knowledge_base.ids import CommunityId, MemberId

Held = str | int | float | bool | None | Sequence[str]
"""What a row holds; moments and days in ISO 8601, UTC."""

Belonging = Mapping[str, Held]
"""A row: what it holds, by name."""


class Belongings(Protocol):
    """What a member may ask for: every row that names them, without what others said."""

    @abstractmethod
    async def of_member(self, community: CommunityId, member: MemberId) -> Mapping[str, Sequence[Belonging]]:
        """The rows by the name of what they are, each kind in a lasting order; kinds of which there is none too."""
