"""Who is told of an announcement by which post."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, insert, select, update

from adapters.storage.tables import announcements, outbox, tellings
from adapters.storage.transaction import StoredRow, Transaction, Waiting
from dialogue.actions import OutboxId
from dialogue.closing.storing import Telling, Tellings
from dialogue.rows import OutboxState
from knowledge_base.ids import AnnouncementId, CommunityId, InsightId, MemberId, MessageId
from knowledge_base.insights import Status

_IN_COMMUNITY = tellings.c.community_id == bindparam("community")
_POSTED = tellings.join(outbox, (outbox.c.community_id == tellings.c.community_id) & (outbox.c.id == tellings.c.post))
_ADD = insert(tellings)
_BY_POST = select(tellings).where(_IN_COMMUNITY, tellings.c.post == bindparam("of_post")).order_by(tellings.c.message)
_OF_ANNOUNCEMENT = (
    select(tellings, outbox.c.state)
    .select_from(_POSTED)
    .where(_IN_COMMUNITY, tellings.c.announcement == bindparam("of_announcement"))
    .order_by(tellings.c.member)
)
_TOLD = (
    select(tellings.c.member)
    .select_from(
        _POSTED.join(
            announcements,
            (announcements.c.community_id == tellings.c.community_id)
            & (announcements.c.announcement == tellings.c.announcement),
        )
    )
    .where(
        _IN_COMMUNITY,
        announcements.c.insight == bindparam("of_insight"),
        announcements.c.status == bindparam("of_status"),
        outbox.c.state.not_in((OutboxState.DROPPED, OutboxState.UNDELIVERABLE)),
    )
)
_SHOWING = (
    select(tellings)
    .where(
        _IN_COMMUNITY,
        tellings.c.channel.is_not(None),
        tellings.c.message.in_(bindparam("of_messages", expanding=True)),
    )
    .order_by(tellings.c.post, tellings.c.member)
)
_TELL_BY = (
    update(tellings)
    .where(
        _IN_COMMUNITY,
        tellings.c.announcement == bindparam("of_announcement"),
        tellings.c.member == bindparam("of_member"),
    )
    .values(message=bindparam("says"), post=bindparam("by"), space=bindparam("into"), channel=bindparam("there"))
)


class SqlTellings(Tellings):
    """See :class:`dialogue.closing.storing.Tellings`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, community: CommunityId, tellings: Sequence[Telling]) -> None:
        """Remember who will be told how."""
        rows: list[Waiting] = [
            {
                "community_id": community,
                "announcement": telling.announcement,
                "member": telling.member,
                "message": telling.message,
                "post": telling.post,
                "space": telling.space,
                "channel": telling.channel,
            }
            for telling in tellings
        ]
        if rows:
            self._transaction.write_soon(_ADD, *rows)

    async def by_post(self, community: CommunityId, post: OutboxId) -> Sequence[Telling]:
        """Whom a post tells, by message."""
        rows = await self._transaction.rows(_BY_POST, {"community": community, "of_post": post})
        return [_telling(row) for row in rows]

    async def of_announcement(
        self, community: CommunityId, announcement: AnnouncementId
    ) -> Sequence[tuple[Telling, OutboxState]]:
        """Everybody who is told of it, and what became of the post."""
        asked = {"community": community, "of_announcement": announcement}
        return [(_telling(row), row.state) for row in await self._transaction.rows(_OF_ANNOUNCEMENT, asked)]

    async def told(self, community: CommunityId, insight: InsightId, status: Status) -> frozenset[MemberId]:
        """Who heard that an insight has that status, or still will."""
        asked = {"community": community, "of_insight": insight, "of_status": status}
        return frozenset(MemberId(row.member) for row in await self._transaction.rows(_TOLD, asked))

    async def showing(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Telling]:
        """The tellings that quote one of these messages in a channel."""
        if not messages:
            return []
        asked = {"community": community, "of_messages": sorted(messages)}
        return [_telling(row) for row in await self._transaction.rows(_SHOWING, asked)]

    async def tell_by(self, community: CommunityId, telling: Telling) -> None:
        """The member is told by this post instead of the one before."""
        await self._transaction.run(
            _TELL_BY,
            {
                "community": community,
                "of_announcement": telling.announcement,
                "of_member": telling.member,
                "says": telling.message,
                "by": telling.post,
                "into": telling.space,
                "there": telling.channel,
            },
        )


def _telling(row: StoredRow) -> Telling:
    return Telling(row.announcement, row.member, row.message, row.post, row.space, row.channel)
