"""Thanks by name, where the rules of credit say so."""

from collections.abc import Collection

from knowledge_base.ids import CommunityId, InsightId, MemberId
from knowledge_base.ports import Credits


class Unnamed(Credits):
    """No rules: everybody is thanked, nobody by name."""

    async def named(
        self, community: CommunityId, insight: InsightId, members: Collection[MemberId]
    ) -> frozenset[MemberId]:
        """Nobody."""
        return frozenset()
