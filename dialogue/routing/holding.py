"""What a team does not want to hear of now is held back for its digest; of a storm one post says how much."""

from collections.abc import Sequence

from dialogue.actions import Asked, AudienceUnchanged, Edit, HeldOf, OutboxId, Outgoing, Post
from dialogue.ports import UnitOfWork
from dialogue.posts import Post as Content
from dialogue.posts import plain
from dialogue.router import Context
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience
from knowledge_base.holdings import Because, Holding
from knowledge_base.ids import CommunityId
from knowledge_base.insights import Insight
from knowledge_base.limits import HOUR, hour_of
from knowledge_base.teams import Delivery, Route, Team


async def why_held(context: Context, insight: Insight, team: Team, rule: Route) -> Because | None:
    """Why a team is not told of an insight at once, or None.

    The moment that counts is when it was heard last, so that who reads a history anew holds back the same.
    """
    limits, at = team.limits, insight.last_at
    if rule.delivery is Delivery.DIGEST:
        return Because.DIGEST
    if limits.quiet is not None and limits.quiet.at(at):
        return Because.QUIET
    if limits.cap is not None:
        since = hour_of(at)
        cards = context.uow.cards
        if await cards.sent_to(context.community, team.space, team.channel, since, since + HOUR) >= limits.cap:
            return Because.FULL
    return None


async def hold_back(context: Context, team: Team, holding: Holding) -> Sequence[Outgoing]:
    """Keep it for the digest; the team reads in one post what its channel did not take in this hour."""
    await context.uow.holdings.add(holding)
    if holding.because is not Because.FULL:
        return ()
    since = hour_of(holding.at)
    matter = HeldOf(team.id, since)
    known = await context.uow.holdings.bundle(context.community, team.id, since)
    if known is not None:
        edit = Edit(team.space, team.channel, OutboxId(known), matter)
        return [Outgoing(edit, asked=Asked.YES)]
    post = context.outbox_id()
    await context.uow.holdings.put_bundle(context.community, team.id, since, post)
    unchanged = AudienceUnchanged(team.space, team.channel, Audience.INTERNAL)
    return [Outgoing(Post(team.space, team.channel, matter), preconditions=(unchanged,), asked=Asked.YES, id=post)]


async def compose_held(uow: UnitOfWork, community: CommunityId, held: HeldOf, texts: Texts) -> Content:
    """How much of an hour is held back for a team. Nobody's words. Reads only."""
    kept = [
        one
        for one in await uow.holdings.of_team(community, held.team)
        if one.because is Because.FULL and hour_of(one.at) == held.since
    ]
    if len(kept) == 1:
        return plain(texts.say("route.bundle_one"))
    return plain(texts.say("route.bundle", {"count": len(kept)}))
