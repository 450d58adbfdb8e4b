"""What a team does not want to hear of now is held back; of a storm one post says how much.

It is looked at again when quiet hours end, when an hour of the clock is over and when the team's channel can get cards
again (:mod:`dialogue.routing.releasing`), or told by the team's digest, whichever comes first.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, Edit, HeldOf, OutboxId, Outgoing, Post
from dialogue.ports import UnitOfWork
from dialogue.posts import Post as Content
from dialogue.posts import plain
from dialogue.router import Context
from dialogue.routing.showing import may_show_cards
from dialogue.rows import Schedule
from dialogue.schedules import ONCE
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Channel
from knowledge_base.holdings import Because, Holding
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.limits import HOUR, hour_of
from knowledge_base.teams import Delivery, Route, Team

TIMER: Final = "held"


def schedule_of_held(team: TeamId) -> str:
    """What the schedule is called by which what is held back for a team is looked at again."""
    return f"{TIMER}:{team}"


async def why_held(context: Context, team: Team, channel: Channel | None, rule: Route, at: datetime) -> Because | None:
    """Why a team is not told of an insight at once, or None. ``channel``: the team's, as far as it is known.

    ``at``: the moment that counts. For what was just said that is when it was heard last, so that who reads a history
    anew holds back the same.
    """
    limits = team.limits
    if rule.delivery is Delivery.DIGEST:
        return Because.DIGEST
    if not may_show_cards(channel):
        return Because.CHANNEL
    if limits.quiet is not None and limits.quiet.at(at):
        return Because.QUIET
    if limits.cap is not None and await cards_in_hour(context, team, at) >= limits.cap:
        return Because.FULL
    return None


async def cards_in_hour(context: Context, team: Team, at: datetime) -> int:
    """How many cards the team's channel got in the hour of the clock in which a moment lies."""
    since = hour_of(at)
    return await context.uow.cards.sent_to(context.community, team.space, team.channel, since, since + HOUR)


async def hold_back(context: Context, team: Team, holding: Holding, known: Holding | None) -> Sequence[Outgoing]:
    """Keep it until the team's limits allow its card, or for its digest. ``known``: as what it is held already.

    The team reads in one post what its channel did not take in this hour. What waits for another hour already goes on
    waiting for that one.
    """
    # a clock that runs ahead must not let the others wait
    ends = _ends(team, replace(holding, at=min(holding.at, context.now)))
    if ends is not None:
        await look_again(context, team, ends)
    if known is not None and (
        known.because is holding.because or (known.because is Because.FULL and holding.because.ends)
    ):
        return ()
    await context.uow.holdings.add(holding)
    hours = {hour_of(one.at) for one in (known, holding) if one is not None and one.because is Because.FULL}
    return [await tell_how_much(context, team, since) for since in sorted(hours)]


async def let_go(context: Context, team: Team, known: Holding | None) -> Sequence[Outgoing]:
    """It is not held any longer, since its card is posted."""
    if known is None:
        return ()
    await context.uow.holdings.remove(context.community, known.insight, team.id)
    return [await tell_how_much(context, team, hour_of(known.at))] if known.because is Because.FULL else ()


async def leave_to_digest(context: Context, team: Team, held: Sequence[Holding]) -> Sequence[Outgoing]:
    """None of these gets a card by itself any more; only when somebody says it again."""
    await context.uow.holdings.add(*(replace(one, because=Because.DIGEST) for one in held))
    hours = {hour_of(one.at) for one in held if one.because is Because.FULL}
    return [await tell_how_much(context, team, since) for since in sorted(hours)]


async def told_by_digest(context: Context, team: Team, named: Collection[InsightId]) -> Sequence[Outgoing]:
    """The team's digest names these: of what is held back of them no card follows."""
    held = await context.uow.holdings.of_team(context.community, team.id)
    return await leave_to_digest(context, team, [one for one in held if one.because.ends and one.insight in named])


async def look_again(context: Context, team: Team, due: datetime) -> None:
    """Look at what is held back for the team at a moment, or now if that is over."""
    await _look_at(context.uow, team, max(due, context.now))


async def look_now(uow: UnitOfWork, team: Team, now: datetime) -> None:
    """The team can be told of more than before, or of nothing: look at what is held back, if anything is."""
    held = await uow.holdings.of_team(team.community, team.id)
    if any(one.because.ends for one in held):
        await _look_at(uow, team, now)


async def tell_how_much(context: Context, team: Team, since: datetime) -> Outgoing:
    """The post that tells how much is held back of the hour from ``since``, or an edit where it stands already."""
    matter = HeldOf(team.id, since)
    known = await context.uow.holdings.bundle(context.community, team.id, since)
    if known is not None:
        return Outgoing(Edit(team.space, team.channel, OutboxId(known), matter), asked=Asked.YES)
    post = context.outbox_id()
    await context.uow.holdings.put_bundle(context.community, team.id, since, post)
    unchanged = AudienceUnchanged(team.space, team.channel, Audience.INTERNAL)
    return Outgoing(Post(team.space, team.channel, matter), preconditions=(unchanged,), asked=Asked.YES, id=post)


async def compose_held(uow: UnitOfWork, community: CommunityId, held: HeldOf, texts: Texts) -> Content:
    """How much of an hour is held back for a team still. Nobody's words. Reads only."""
    kept = [
        one
        for one in await uow.holdings.of_team(community, held.team)
        if one.because is Because.FULL and hour_of(one.at) == held.since
    ]
    if not kept:
        return plain(texts.say("route.bundle_over"))
    if len(kept) == 1:
        return plain(texts.say("route.bundle_one"))
    return plain(texts.say("route.bundle", {"count": len(kept)}))


async def _look_at(uow: UnitOfWork, team: Team, at: datetime) -> None:
    await uow.schedules.put(Schedule(team.community, team.space, schedule_of_held(team.id), ONCE, "UTC", at))


def _ends(team: Team, holding: Holding) -> datetime | None:
    """When it may be told of, as far as is known now."""
    if holding.because is Because.QUIET and team.limits.quiet is not None:
        return team.limits.quiet.until(holding.at)
    return hour_of(holding.at) + HOUR if holding.because is Because.FULL else None
