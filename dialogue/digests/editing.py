"""Digests that stand in a channel are edited when something is taken back that they tell of."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from dialogue.actions import Asked, DigestOf, Edit, Outgoing
from dialogue.router import Context
from dialogue.rows import PostedDigest
from knowledge_base.ids import InsightId

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def show_in_digests(
    context: Context, insights: Iterable[InsightId], said_at: datetime = _EVER
) -> Sequence[Outgoing]:
    """An edit for every digest that may show what was said of these insights then or later, as cards are edited."""
    telling = await context.uow.digests.that_tell(context.community, list(insights), said_at)
    return [Outgoing(Edit(told.space, told.channel, told.post, _matter(told)), asked=Asked.YES) for told in telling]


def _matter(told: PostedDigest) -> DigestOf:
    return DigestOf(told.team, told.since, told.until, told.after, told.upto, told.due, unposted=told.unposted)
