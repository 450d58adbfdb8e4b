"""Thanks by name, where the rules of credit say so."""

from collections.abc import Collection

from knowledge_base.ids import InsightId, MemberId
from knowledge_base.members import Member, Recording, credited_as
from knowledge_base.ports import Credits


class AsTheyChose(Credits):
    """Whoever chose to be named is, by the name they chose; nobody else."""

    async def named(self, insight: InsightId, members: Collection[Member]) -> frozenset[MemberId]:
        """Those who chose a name, and did not stop that anything is kept of them."""
        return frozenset(
            member.id
            for member in members
            if member.consent.recording is not Recording.STOPPED and credited_as(member.name, member.consent.naming)
        )
