"""An insight's card goes to every team that a route names: once, at once or when the team wants to hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogue.actions import Asked, AudienceUnchanged, CardOf, Outgoing, Post
from dialogue.router import Context
from dialogue.routing.growth import speak_up
from dialogue.routing.holding import hold_back, let_go, why_held
from dialogue.routing.matching import those_that_hold
from dialogue.routing.showing import edits, may_show_cards, show_on_others
from dialogue.routing.trouble import tell_admins
from dialogue.rows import PostedCard
from knowledge_base.channels import Audience, Channel
from knowledge_base.holdings import Holding
from knowledge_base.ids import TeamId
from knowledge_base.insights import Insight
from knowledge_base.teams import Delivery, Route, Running, Team


@dataclass(frozen=True, slots=True)
class Routed:
    """What is to be sent, and for each route that holds what came of it, in words that staff can read."""

    outgoing: tuple[Outgoing, ...]
    reasons: tuple[str, ...]


class Shown(StrEnum):
    """Where the news of an insight is shown: on its own cards, or also on those of insights that may be the same."""

    OWN = "own"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Meant:
    """An insight that a route means for a team that has no card of it, at the moment ``at`` that limits go by.

    ``held``: as what it is held back for the team already, if it is.
    """

    insight: Insight
    rule: Route
    team: Team
    channel: Channel | None
    at: datetime
    held: Holding | None

    @property
    def places(self) -> Mapping[str, str | int]:
        """What texts about it name."""
        return {"route": self.rule.number, "team": self.team.name}


async def route(context: Context, insight: Insight, shown: Shown = Shown.ALL) -> Routed:
    """Send an insight's card to each team that a route names and that has none yet; show the news on the others.

    Called whenever an insight is new or its tags, kind or voices changed. A closed one is not sent to anybody new. What
    a team does not want to hear of now is held back; what is held already is sent as soon as a route and the team's
    limits let it go.
    """
    cards = await context.uow.cards.of_insight(context.community, insight.id)
    outgoing = [*edits(cards), *(await show_on_others(context, insight.id) if shown is Shown.ALL else ())]
    if not insight.status.is_open:
        return Routed(tuple(outgoing), ())
    outgoing.extend(await speak_up(context, insight, cards))
    reasons: list[str] = []
    for meant in await meant_for(context, insight, {card.team for card in cards}, insight.last_at):
        came, key = await deliver(context, meant)
        outgoing.extend(came)
        reasons.append(context.texts.say(key, meant.places))
    return Routed(tuple(outgoing), tuple(reasons))


async def meant_for(context: Context, insight: Insight, carded: set[TeamId], at: datetime) -> Sequence[Meant]:
    """For each team without a card the route that sends it: the first that sends at once, else the first of all.

    ``at``: the moment that the teams' limits go by.
    """
    rules = [
        rule
        for rule in await context.uow.teams.routes(context.community)
        if rule.running is Running.ON and not carded.issuperset(rule.teams)
    ]
    chosen: dict[TeamId, Route] = {}
    for rule in await those_that_hold(context.uow, context.embedders, insight, rules):
        for team in rule.teams:
            known = chosen.setdefault(team, rule)
            if known.delivery is Delivery.DIGEST and rule.delivery is Delivery.NOW:
                chosen[team] = rule
    if not chosen:
        return ()
    teams = {team.id: team for team in await context.uow.teams.teams(context.community)}
    channels = await context.uow.teams.channels(context.community)
    held = {one.team: one for one in await context.uow.holdings.of_insight(context.community, insight.id)}
    return [
        Meant(insight, rule, teams[of], channels.get(of), at, held.get(of))
        for of, rule in chosen.items()
        if of in teams and of not in carded
    ]


async def deliver(context: Context, meant: Meant) -> tuple[Sequence[Outgoing], str]:
    """What is to be sent, and under which key staff are told what came of it."""
    insight, team = meant.insight, meant.team
    because = await why_held(context, team, meant.channel, meant.rule, meant.at)
    if because is not None:
        told = () if may_show_cards(meant.channel) else await tell_admins(context, team)
        holding = Holding(context.community, insight.id, team.id, because, meant.at)
        return [*told, *await hold_back(context, team, holding, meant.held)], f"reason.card_held_{because}"
    return [await _post(context, meant), *await let_go(context, team, meant.held)], "reason.card_sent"


async def _post(context: Context, meant: Meant) -> Outgoing:
    insight, team = meant.insight, meant.team
    name, step = context.outbox_id(), team.limits.step(insight.demand)
    card = PostedCard(insight.id, team.id, name, team.space, team.channel, meant.rule.number, step, meant.at)
    await context.uow.cards.add(context.community, card)
    return Outgoing(
        Post(team.space, team.channel, CardOf(insight.id)),
        preconditions=(AudienceUnchanged(team.space, team.channel, Audience.INTERNAL),),
        asked=Asked.YES,
        id=name,
    )
