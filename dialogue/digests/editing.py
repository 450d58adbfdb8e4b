"""Digests and summaries that stand in a channel are edited when something is taken back that they tell of."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from dialogue.actions import Asked, DigestOf, Edit, Outgoing, SummaryOf
from dialogue.router import Context
from dialogue.rows import PostedDigest
from knowledge_base.ids import InsightId

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def show_in_digests(
    context: Context, insights: Iterable[InsightId], said_at: datetime = _EVER
) -> Sequence[Outgoing]:
    """An edit for every digest that may show what was said of these insights then or later, as cards are edited.

    And for every summary of learning partners that tells of them.
    """
    these = list(insights)
    telling = await context.uow.digests.that_tell(context.community, these, said_at)
    summed_up = await context.uow.summaries.that_tell(context.community, these)
    summaries = [Edit(told.space, told.channel, told.post, SummaryOf(told.post)) for told in summed_up]
    return [*edits(telling), *(Outgoing(edit, asked=Asked.YES) for edit in summaries)]


def edits(digests: Iterable[PostedDigest]) -> Sequence[Outgoing]:
    """One edit for each of these, so that it shows what it tells of now."""
    return [Outgoing(Edit(told.space, told.channel, told.post, _matter(told)), asked=Asked.YES) for told in digests]


def _matter(told: PostedDigest) -> DigestOf:
    return DigestOf(told.team, told.since, told.until, told.after, told.upto, told.due, unposted=told.unposted)
