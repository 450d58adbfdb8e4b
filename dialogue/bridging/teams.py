"""Where a team reads of a question: below the card of what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.actions import Asked, AudienceUnchanged, CarriedOf, OutboxId, Outgoing, Post, Precondition, Said
from dialogue.router import Context
from dialogue.routing import may_show_cards
from dialogue.routing.trouble import tell_admins
from knowledge_base.bridges import Question
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, InsightId, SpaceId, TeamId
from knowledge_base.teams import Team


@dataclass(frozen=True, slots=True)
class TeamSide:
    """A team's channel, and the card there below which it reads, None where there is none (any more)."""

    team: Team
    space: SpaceId
    channel: ChannelId
    card: OutboxId | None

    def post(self, matter: Said | CarriedOf, *preconditions: Precondition, named: OutboxId | None = None) -> Outgoing:
        """Say it there, as long as the team alone reads the channel."""
        alone = AudienceUnchanged(self.space, self.channel, Audience.INTERNAL)
        post = Post(self.space, self.channel, matter, under=self.card)
        return Outgoing(post, (alone, *preconditions), asked=Asked.YES, id=named)


async def team_named(context: Context, team: TeamId) -> Team | None:
    """The team, or None for one that was removed."""
    return next((one for one in await context.uow.teams.teams(context.community) if one.id == team), None)


async def team_side(
    context: Context, question: Question, insight: InsightId
) -> tuple[TeamSide | None, Sequence[Outgoing]]:
    """Where the team of a question reads of this insight now.

    None where its channel may show nothing: then admins are told, once, by what is returned beside it.
    """
    team = await team_named(context, question.team)
    if team is None:
        return None, ()
    if not may_show_cards(await context.uow.channels.get(team.space, team.channel)):
        return None, await tell_admins(context, team)
    cards = [
        card
        for about in (insight, question.insight)
        for card in await context.uow.cards.of_insight(context.community, about)
        if (card.team, card.space, card.channel) == (team.id, team.space, team.channel)
    ]
    return TeamSide(team, team.space, team.channel, cards[0].post if cards else None), ()
