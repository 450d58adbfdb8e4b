"""How long what was said is kept, and the terms on which it is given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from adapters.storage.tables import retentions, terms
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from knowledge_base.channels import Audience
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.ports import AllTerms, Retentions
from knowledge_base.terms import Terms

_OF: Final = select(retentions).where(retentions.c.community_id == bindparam("community"))
_KEEP_ON: Final = delete(retentions).where(
    retentions.c.community_id == bindparam("community"), retentions.c.audience == bindparam("of_audience")
)
_VERSIONS: Final = select(terms).where(terms.c.community_id == bindparam("community")).order_by(terms.c.version)
_PUBLISH: Final = insert(terms)


class SqlRetentions(Retentions):
    """See :class:`knowledge_base.ports.Retentions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, community: CommunityId) -> Mapping[Audience, int]:
        """Those that were chosen, in days."""
        return {row.audience: row.days for row in await self._transaction.rows(_OF, {"community": community})}

    async def choose(self, community: CommunityId, audience: Audience, days: int | None) -> None:
        """So long from now on; None: kept on."""
        if days is None:
            await self._transaction.run(_KEEP_ON, {"community": community, "of_audience": audience})
            return
        row = {"community_id": community, "audience": audience, "days": days}
        await self._transaction.run(insert_or_replace(retentions, self._transaction.dialect), row)


class SqlTerms(AllTerms):
    """See :class:`knowledge_base.ports.AllTerms`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def publish(self, community: CommunityId, text: str, by: MemberId, at: datetime) -> Terms:
        """The next version."""
        version = len(await self.versions(community)) + 1
        row = {"community_id": community, "version": version, "text": text, "by": by, "at": at}
        await self._transaction.run(_PUBLISH, row)
        return Terms(community, version, text, by, at)

    async def versions(self, community: CommunityId) -> Sequence[Terms]:
        """Every version, oldest first."""
        rows = await self._transaction.rows(_VERSIONS, {"community": community})
        return [Terms(row.community_id, row.version, row.text, row.by, row.at) for row in rows]
