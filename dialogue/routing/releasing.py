"""What was held back is sent when quiet hours end, when the next hour of the clock begins, and when the team's channel
can get cards again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogue.actions import Outgoing
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.router import Context, Router
from dialogue.routing.holding import (
    TIMER,
    cards_in_hour,
    leave_to_digest,
    look_again,
    schedule_of_held,
    tell_how_much,
)
from dialogue.routing.sending import Meant, deliver, meant_for
from dialogue.routing.showing import may_show_cards
from knowledge_base.holdings import Because, Holding
from knowledge_base.limits import HOUR, hour_of
from knowledge_base.teams import Team

AT_ONCE: Final = 10
"""Cards that come at once after quiet hours where the team has no cap; the others come hour by hour."""


def router() -> Router:
    """The handler of the timer."""
    releasing = Router("releasing")
    releasing.on(f"timer:{TIMER}")(only(TimerFired, _release))
    return releasing


async def _release(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Send what the team's limits allow at the moment of the timer, longest held first; of the rest one post tells."""
    teams = await context.uow.teams.teams(context.community)
    team = next((team for team in teams if schedule_of_held(team.id) == event.schedule), None)
    if team is None or not may_show_cards(await context.uow.channels.get(team.space, team.channel)):
        return ()
    await context.uow.communities.lock(context.community)
    held = await context.uow.holdings.of_team(context.community, team.id)
    waiting = [one for one in held if one.because.ends]
    quiet = team.limits.quiet
    if waiting and quiet is not None and quiet.at(event.at):
        await look_again(context, team, quiet.until(event.at))
        return ()
    return await _send(context, team, waiting, event.at) if waiting else ()


async def _send(context: Context, team: Team, waiting: Sequence[Holding], at: datetime) -> Sequence[Outgoing]:
    outgoing: list[Outgoing] = []
    room = await _room(context, team, at)
    looked_at = 0
    for holding in waiting:
        if room <= 0:
            break
        looked_at += 1
        meant = await _meant(context, team, holding, at)
        if meant is None:
            outgoing.extend(await leave_to_digest(context, team, [holding]))
            continue
        came, _ = await deliver(context, meant)
        outgoing.extend(came)
        room -= 1
    outgoing.extend(await _wait_on(context, team, waiting[looked_at:], at))
    return list(dict.fromkeys(outgoing))  # one edit tells how much an hour holds back, however many were let go


async def _room(context: Context, team: Team, at: datetime) -> int:
    """How many cards the channel takes now."""
    cap = team.limits.cap
    return AT_ONCE if cap is None else cap - await cards_in_hour(context, team, at)


async def _meant(context: Context, team: Team, holding: Holding, at: datetime) -> Meant | None:
    """As what the team would be told of it now, or None where it is closed or no route means it any more."""
    insight = await context.uow.insights.get(context.community, holding.insight)
    if insight is None or not insight.status.is_open:
        return None
    carded = {card.team for card in await context.uow.cards.of_insight(context.community, insight.id)}
    found = await meant_for(context, insight, carded, at)
    return next((meant for meant in found if meant.team.id == team.id), None)


async def _wait_on(context: Context, team: Team, rest: Sequence[Holding], at: datetime) -> Sequence[Outgoing]:
    """These are looked at in an hour again; how many were held until now is told once."""
    if not rest:
        return ()
    await look_again(context, team, hour_of(at) + HOUR)
    untold = [replace(one, because=Because.FULL, at=at) for one in rest if one.because is not Because.FULL]
    if not untold:
        return ()
    await context.uow.holdings.add(*untold)
    return [await tell_how_much(context, team, hour_of(at))]
