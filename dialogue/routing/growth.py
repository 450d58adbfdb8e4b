"""A card speaks up again when as many people have said it as the team wants to hear of."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said
from dialogue.posts import plain
from dialogue.router import Context
from dialogue.routing.showing import may_show_cards
from dialogue.rows import PostedCard
from knowledge_base.channels import Audience
from knowledge_base.insights import Insight


async def speak_up(context: Context, insight: Insight, cards: Sequence[PostedCard]) -> Sequence[Outgoing]:
    """A post under each card whose team wants to hear of so many people, once a step.

    The step is kept with the card: a demand that falls and rises again says nothing twice. In quiet hours, and as long
    as the channel can't get cards, nothing is said, and the next voice after that says it.
    """
    if not cards or insight.demand <= 1:
        return ()
    teams = {team.id: team for team in await context.uow.teams.teams(context.community)}
    posts: list[Outgoing] = []
    for card in cards:
        team = teams.get(card.team)
        if team is None or team.limits.step(insight.demand) <= card.step:
            continue
        if not may_show_cards(await context.uow.channels.get(card.space, card.channel)):
            continue
        if team.limits.quiet is not None and team.limits.quiet.at(insight.last_at):
            continue
        risen = replace(card, step=team.limits.step(insight.demand))
        await context.uow.cards.add(context.community, risen)
        said = context.texts.say("route.grown", {"number": insight.number, "count": insight.demand})
        posts.append(
            Outgoing(
                Post(card.space, card.channel, Said(plain(said)), under=card.post),
                preconditions=(AudienceUnchanged(card.space, card.channel, Audience.INTERNAL),),
                asked=Asked.YES,
            )
        )
    return posts
