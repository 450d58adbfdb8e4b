"""Cards that stand already show what is known now."""

from collections.abc import Sequence

from dialogue.actions import Asked, CardOf, Edit, Outgoing
from dialogue.regrouping.alike import naming
from dialogue.router import Context
from dialogue.rows import PostedCard
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.ids import InsightId


async def show_on_cards(context: Context, insight: InsightId) -> Sequence[Outgoing]:
    """An edit for every card that shows something of an insight, so that it shows what is known when it is sent.

    Those are its own, and those of insights that may be the same, which show its title.
    """
    own = await show_on_own_cards(context, insight)
    return [*own, *await show_on_others(context, insight)]


async def show_on_own_cards(context: Context, insight: InsightId) -> Sequence[Outgoing]:
    """An edit for every card of an insight.

    Without a precondition: where a channel's readers have changed meanwhile, the edit is what takes words off it.
    """
    return edits(await context.uow.cards.of_insight(context.community, insight))


async def show_on_others(context: Context, insight: InsightId) -> Sequence[Outgoing]:
    """An edit for every card of those insights that may be the same."""
    shown: list[Outgoing] = []
    for other in await naming(context.uow, context.community, insight):
        shown.extend(await show_on_own_cards(context, other))
    return shown


def edits(cards: Sequence[PostedCard]) -> Sequence[Outgoing]:
    """An edit for each of these cards."""
    return [
        Outgoing(Edit(card.space, card.channel, target=card.post, matter=CardOf(card.insight)), asked=Asked.YES)
        for card in cards
    ]


def may_show_cards(channel: Channel | None) -> bool:
    """Whether a team's channel may show cards: internal, surely without outsiders, and not excluded."""
    if channel is None or channel.mode is Mode.EXCLUDED:
        return False
    return channel.audience is Audience.INTERNAL and channel.shared is Shared.NO
