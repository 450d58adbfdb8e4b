"""Whereabouts: which teams were shown what somebody said."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final

from dialogue.cards import name
from dialogue.posts import Fact
from dialogue.router import Context
from knowledge_base.ids import InsightId, TeamId
from knowledge_base.insights import Insight

LATEST: Final = 10
"""The insights that are told of, those of the latest words."""

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def where_they_went(context: Context, voiced: Sequence[InsightId]) -> Sequence[Fact]:
    """For each insight the teams that have its card and those whose digests tell of it. ``voiced``: the latest last."""
    found = [await context.uow.insights.get(context.community, one) for one in reversed(voiced[-LATEST:])]
    return [await _went(context, insight) for insight in found if insight is not None]


async def _went(context: Context, insight: Insight) -> Fact:
    uow, community = context.uow, context.community
    cards = {card.team for card in await uow.cards.of_insight(community, insight.id)}
    digests = {digest.team for digest in await uow.digests.that_tell(community, [insight.id], _EVER)}
    teams = {team.id: team.name for team in await uow.teams.teams(community)}
    shown = [
        context.texts.say(key, {"teams": ", ".join(sorted(teams[team] for team in of if team in teams))})
        for key, of in _by_way(cards, digests)
        if not teams.keys().isdisjoint(of)
    ]
    return Fact(name(insight, context.texts), "; ".join(shown) or context.texts.say("whereabouts.nowhere"))


def _by_way(cards: Collection[TeamId], digests: Collection[TeamId]) -> Sequence[tuple[str, Collection[TeamId]]]:
    return (("whereabouts.cards", cards), ("whereabouts.digests", digests))
