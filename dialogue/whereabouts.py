"""Whereabouts: where what somebody said went: to which teams, in which way, and what was told of it to whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dialogue.cards import name
from dialogue.closing.storing import Notice
from dialogue.posts import Fact
from dialogue.router import Context
from knowledge_base.ids import InsightId, MemberId, TeamId
from knowledge_base.insights import Insight

LATEST: Final = 10
"""The insights that are told of, those of the latest words."""

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked for once: teams by name, what of the member stands with which team, and what they were told."""

    teams: dict[TeamId, str]
    carried: Sequence[tuple[InsightId, TeamId]]
    notices: Sequence[Notice]


async def where_they_went(context: Context, member: MemberId, voiced: Sequence[Insight]) -> Sequence[Fact]:
    """For each insight that a member voices where it went. ``voiced``: in the order in which they are told of."""
    uow, community = context.uow, context.community
    known = _Known(
        {team.id: team.name for team in await uow.teams.teams(community)},
        await uow.bridges.carried_of(community, member),
        await uow.tellings.of_member(community, member),
    )
    return [await _went(context, insight, known) for insight in voiced]


async def _went(context: Context, insight: Insight, known: _Known) -> Fact:
    uow, community, texts = context.uow, context.community, context.texts
    cards = {card.team for card in await uow.cards.of_insight(community, insight.id)}
    digests = {digest.team for digest in await uow.digests.that_tell(community, [insight.id], _EVER)}
    carried = {team for of, team in known.carried if of == insight.id}
    shown = [
        texts.say(key, {"teams": ", ".join(sorted(known.teams[team] for team in of if team in known.teams))})
        for key, of in _by_way(cards, digests, carried)
        if not known.teams.keys().isdisjoint(of)
    ]
    told = [await _told(context, notice) for notice in known.notices if notice.insight == insight.id]
    return Fact(name(insight, texts), "; ".join([*(shown or [texts.say("whereabouts.nowhere")]), *told]))


async def _told(context: Context, notice: Notice) -> str:
    status = context.texts.say(f"status.{notice.status}")
    if notice.channel is None:
        return context.texts.say("whereabouts.alone", {"status": status})
    channel = await context.uow.channels.get(notice.space, notice.channel)
    where = channel.name if channel else notice.channel
    return context.texts.say("whereabouts.there", {"status": status, "channel": where})


def _by_way(
    cards: Collection[TeamId], digests: Collection[TeamId], carried: Collection[TeamId]
) -> Sequence[tuple[str, Collection[TeamId]]]:
    return (("whereabouts.cards", cards), ("whereabouts.digests", digests), ("whereabouts.carried", carried))
