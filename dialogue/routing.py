"""Routes: which teams get an insight's card, and that every card shows what is known now."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogue.actions import Asked, AudienceUnchanged, CardOf, Edit, Outgoing, Post
from dialogue.ports import UnitOfWork
from dialogue.regrouping.alike import naming
from dialogue.router import Context
from dialogue.rows import PostedCard
from knowledge_base.channels import Audience, Channel, Shared
from knowledge_base.ids import InsightId, TeamId
from knowledge_base.insights import Insight
from knowledge_base.teams import Route, Team


@dataclass(frozen=True, slots=True)
class Routed:
    """What is to be sent, and for each route that holds what came of it, in words that staff can read."""

    outgoing: tuple[Outgoing, ...]
    reasons: tuple[str, ...]


class Shown(StrEnum):
    """Where the news of an insight is shown: on its own cards, or also on those of insights that may be the same."""

    OWN = "own"
    ALL = "all"


async def route(context: Context, insight: Insight, shown: Shown = Shown.ALL) -> Routed:
    """Send an insight's card to each team that a route names and that has none yet; show the news on the others.

    Called whenever an insight is new or its tags, kind or voices changed. A closed one is not sent to anybody new.
    """
    cards = await context.uow.cards.of_insight(context.community, insight.id)
    outgoing = [*_edits(cards), *(await _show_on_others(context, insight.id) if shown is Shown.ALL else ())]
    if not insight.status.is_open:
        return Routed(tuple(outgoing), ())
    reasons: list[str] = []
    have = {card.team for card in cards}
    for rule, team in await _meant(context, insight):
        if team.id in have:
            continue
        have.add(team.id)
        places: dict[str, str | int] = {"route": rule.number, "team": team.name}
        if may_show_cards(await context.uow.channels.get(team.space, team.channel)):
            outgoing.append(await _post(context, insight.id, team))
            reasons.append(context.texts.say("reason.card_sent", places))
        else:
            reasons.append(context.texts.say("reason.card_withheld", places))
    return Routed(tuple(outgoing), tuple(reasons))


async def show_on_cards(context: Context, insight: InsightId) -> Sequence[Outgoing]:
    """An edit for every card that shows something of an insight, so that it shows what is known when it is sent.

    Those are its own, and those of insights that may be the same, which show its title.
    """
    own = await show_on_own_cards(context, insight)
    return [*own, *await _show_on_others(context, insight)]


async def show_on_own_cards(context: Context, insight: InsightId) -> Sequence[Outgoing]:
    """An edit for every card of an insight.

    Without a precondition: where a channel's readers have changed meanwhile, the edit is what takes words off it.
    """
    return _edits(await context.uow.cards.of_insight(context.community, insight))


def may_show_cards(channel: Channel | None) -> bool:
    """Whether a team's channel may show cards: internal, and surely without outsiders."""
    return channel is not None and channel.audience is Audience.INTERNAL and channel.shared is Shared.NO


async def routes_that_hold(uow: UnitOfWork, insight: Insight) -> Sequence[Route]:
    """The routes that mean an insight, by number."""
    rules = await uow.teams.routes(insight.community)
    texts: tuple[str, ...] = ()
    if any(rule.conditions.words for rule in rules):
        voices = await uow.insights.voices(insight.community, insight.id)
        texts = tuple(voice.text for voice in voices)
    return [rule for rule in rules if rule.conditions.hold(insight, texts)]


async def _show_on_others(context: Context, insight: InsightId) -> Sequence[Outgoing]:
    edits: list[Outgoing] = []
    for other in await naming(context.uow, context.community, insight):
        edits.extend(await show_on_own_cards(context, other))
    return edits


def _edits(cards: Sequence[PostedCard]) -> Sequence[Outgoing]:
    return [
        Outgoing(Edit(card.space, card.channel, target=card.post, matter=CardOf(card.insight)), asked=Asked.YES)
        for card in cards
    ]


async def _meant(context: Context, insight: Insight) -> Sequence[tuple[Route, Team]]:
    rules = await routes_that_hold(context.uow, insight)
    if not rules:
        return ()
    teams: dict[TeamId, Team] = {team.id: team for team in await context.uow.teams.teams(context.community)}
    return [(rule, teams[rule.team]) for rule in rules if rule.team in teams]


async def _post(context: Context, insight: InsightId, team: Team) -> Outgoing:
    name = context.outbox_id()
    card = PostedCard(insight, team.id, name, team.space, team.channel)
    await context.uow.cards.add(context.community, card)
    return Outgoing(
        Post(team.space, team.channel, CardOf(insight)),
        preconditions=(AudienceUnchanged(team.space, team.channel, Audience.INTERNAL),),
        asked=Asked.YES,
        id=name,
    )
