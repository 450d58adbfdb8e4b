"""Which digests stand where."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from adapters.storage.tables import digests
from adapters.storage.transaction import Transaction
from dialogue.ports import Digests
from dialogue.rows import PostedDigest
from knowledge_base.ids import CommunityId, TeamId

_THAT_TELL = (
    select(digests)
    .where(
        digests.c.community_id == bindparam("community"),
        digests.c.team.in_(bindparam("teams", expanding=True)),
        digests.c.until >= bindparam("said_at"),
    )
    .order_by(digests.c.until, digests.c.post)
)


class SqlDigests(Digests):
    """See :class:`dialogue.ports.Digests`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, community: CommunityId, digest: PostedDigest) -> None:
        """Remember a digest."""
        await self._transaction.run(
            insert(digests),
            {
                "community_id": community,
                "post": digest.post,
                "team": digest.team,
                "since": digest.since,
                "until": digest.until,
                "space": digest.space,
                "channel": digest.channel,
            },
        )

    async def that_tell(
        self, community: CommunityId, teams: Collection[TeamId], said_at: datetime
    ) -> Sequence[PostedDigest]:
        """The digests of these teams that may tell of what was said at that moment, oldest first."""
        where = {"community": community, "teams": sorted(teams), "said_at": said_at}
        rows = await self._transaction.rows(_THAT_TELL, where)
        return [PostedDigest(row.team, row.since, row.until, row.post, row.space, row.channel) for row in rows]
