"""Which insight has a card where."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, insert, literal, select

from adapters.storage.insights import ADD as ADD_INSIGHT
from adapters.storage.tables import cards, holdings, outbox, teams
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_or_replace
from dialogue.ports import Cards
from dialogue.rows import PostedCard
from knowledge_base.holdings import Because
from knowledge_base.ids import ChannelId, CommunityId, InsightId, PlatformMessageId, SpaceId, TeamId

_OF_INSIGHT = (
    select(cards)
    .where(cards.c.community_id == bindparam("community"), cards.c.insight == bindparam("of_insight"))
    .order_by(cards.c.team)
)
_OF_MANY = (
    select(cards.c.insight.label("of_one"), *cards.c)
    .where(
        cards.c.community_id == bindparam("community"),
        cards.c.insight.in_(bindparam("many", expanding=True, type_=cards.c.insight.type)),
    )
    .order_by(cards.c.team)
)
_SENT_TO = select(func.count().label("many")).where(
    cards.c.community_id == bindparam("community"),
    cards.c.space == bindparam("of_space"),
    cards.c.channel == bindparam("of_channel"),
    cards.c.at >= bindparam("since"),
    cards.c.at < bindparam("until"),
)
_OF_TEAM = select(cards.c.insight).where(
    cards.c.community_id == bindparam("community"), cards.c.team == bindparam("of_team")
)
_HUNG_IN = (
    select(cards.c.insight)
    .where(
        cards.c.community_id == bindparam("community"),
        cards.c.space == bindparam("of_space"),
        cards.c.channel == bindparam("of_channel"),
    )
    .order_by(cards.c.insight)
)
_AT = (
    select(cards.c.insight)
    .join(outbox, (outbox.c.community_id == cards.c.community_id) & (outbox.c.id == cards.c.post))
    .where(
        outbox.c.community_id == bindparam("community"),
        outbox.c.channel == bindparam("of_channel"),
        outbox.c.message == bindparam("of_message"),
    )
)
_POSTED_BY = (cards.c.community_id == bindparam("community"), cards.c.post == bindparam("of_id"))
HOLD_BACK = insert(holdings).from_select(
    ["community_id", "insight", "team", "because", "at"],
    select(
        cards.c.community_id,
        cards.c.insight,
        cards.c.team,
        literal(Because.CHANNEL, holdings.c.because.type),
        func.coalesce(cards.c.at, outbox.c.created_at),
    )
    .join(outbox, (outbox.c.community_id == cards.c.community_id) & (outbox.c.id == cards.c.post))
    .join(teams, (teams.c.community_id == cards.c.community_id) & (teams.c.team == cards.c.team))
    .where(
        *_POSTED_BY,
        ~exists().where(
            holdings.c.community_id == cards.c.community_id,
            holdings.c.insight == cards.c.insight,
            holdings.c.team == cards.c.team,
        ),
    ),
)
"""What has its card by a post is held back for that team, if there is that still."""
FORGET = delete(cards).where(*_POSTED_BY)
"""The card of a post is none."""


class SqlCards(Cards):
    """See :class:`dialogue.ports.Cards`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, community: CommunityId, card: PostedCard) -> None:
        """Remember a card; another one of the same insight and team takes the earlier one's place."""
        self._transaction.write_soon(
            insert_or_replace(cards, self._transaction.dialect),
            {
                "community_id": community,
                "insight": card.insight,
                "team": card.team,
                "post": card.post,
                "space": card.space,
                "channel": card.channel,
                "route": card.route,
                "step": card.step,
                "at": card.at,
            },
        )

    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[PostedCard]:
        """Every card of an insight."""
        its = {"community_id": community, "insight": insight}
        adding = insert_or_replace(cards, self._transaction.dialect)
        if self._transaction.waiting(ADD_INSIGHT, its) and not self._transaction.waiting(adding, its):
            return ()  # a card refers to its insight, so none is written before that
        rows = await self._transaction.rows_once(_OF_INSIGHT, {"community": community, "of_insight": insight})
        return [_card(row) for row in rows]

    async def read_ahead(self, community: CommunityId, insights: Sequence[InsightId]) -> None:
        """The cards of these will be asked for."""
        await self._transaction.read_ahead(_OF_INSIGHT, _OF_MANY, community, insights)

    async def sent_to(
        self, community: CommunityId, space: SpaceId, channel: ChannelId, since: datetime, until: datetime
    ) -> int:
        """How many cards a channel got in a time."""
        here = {"community": community, "of_space": space, "of_channel": channel, "since": since, "until": until}
        (row,) = await self._transaction.rows(_SENT_TO, here)
        return int(row.many)

    async def of_team(self, community: CommunityId, team: TeamId) -> frozenset[InsightId]:
        """The insights that have a card for a team."""
        rows = await self._transaction.rows(_OF_TEAM, {"community": community, "of_team": team})
        return frozenset(InsightId(row.insight) for row in rows)

    async def hung_in(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[InsightId]:
        """The insights that have a card in a channel."""
        here = {"community": community, "of_space": space, "of_channel": channel}
        return [InsightId(row.insight) for row in await self._transaction.rows(_HUNG_IN, here)]

    async def at(self, community: CommunityId, channel: ChannelId, message: PlatformMessageId) -> InsightId | None:
        """Whose card a sent post is, or None."""
        where = {"community": community, "of_channel": channel, "of_message": message}
        row = await self._transaction.row(_AT, where)
        return None if row is None else InsightId(row.insight)


def _card(row: StoredRow) -> PostedCard:
    return PostedCard(row.insight, row.team, row.post, row.space, row.channel, row.route, row.step, row.at)
