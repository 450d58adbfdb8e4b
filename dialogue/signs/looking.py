"""Once an hour each channel's last day is held against its own past; what is unusual is told once, until it is over."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, SignOf
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.router import Context, Router
from dialogue.routing import may_show_cards
from dialogue.rows import Schedule
from dialogue.schedules import next_due
from dialogue.signs.showing import edits
from dialogue.signs.storing import Sign
from knowledge_base.channels import Audience, Channel
from knowledge_base.ids import CommunityId, SpaceId
from knowledge_base.signs import LONGEST_PAST, Found, SignSettings, Topical, found, is_over
from knowledge_base.teams import Team

TIMER: Final = "signs"
EVIDENCE: Final = 5
"""So many people are quoted."""

_RULE: Final = "7 * * * *"


def router() -> Router:
    """The handler of the timer."""
    looking = Router("signs")
    looking.on(f"timer:{TIMER}")(only(TimerFired, _look))
    return looking


async def look_for_signs(context: Context, settings: SignSettings, space: SpaceId) -> None:
    """From now on this is looked for, and that team told; what was chosen before no longer holds."""
    await context.uow.signs.put_settings(settings)
    due_at = next_due(_RULE, "UTC", context.now)
    await context.uow.schedules.put(Schedule(context.community, space, TIMER, _RULE, "UTC", due_at))


async def end_signs(uow: UnitOfWork, community: CommunityId) -> None:
    """Nobody is told of signs any more, so none are looked for."""
    await uow.signs.remove_settings(community)
    await uow.schedules.remove(community, TIMER)


async def _look(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    uow, community = context.uow, context.community
    settings = await uow.signs.settings(community)
    team = await _who_is_told(context, settings, event)
    unusual = await _unusual(context, settings, event) if settings and team else ()
    await uow.communities.lock(community)  # what takes long is read by now, and nobody waits for it
    await uow.signs.forget_unposted(community)
    said: list[Outgoing] = []
    known = {one.about for one in await uow.signs.silences(community) if one.holds(event.at)}
    for sign in await uow.signs.lasting(community):
        if await _is_over(context, sign, event):
            await uow.signs.end(community, sign.post, event.at)
            said.extend(edits([sign]))
        else:
            known.add(sign.about)
    for about, one in unusual:
        if team and about not in known:
            said.append(await _tell(context, team, about, one, event))
    return said


async def _is_over(context: Context, sign: Sign, event: TimerFired) -> bool:
    today = await context.uow.signs.days(context.community, sign.space, sign.channel, event.at, 0)
    return is_over(sign.found, event.at - sign.at, today[0])


async def _who_is_told(context: Context, settings: SignSettings | None, event: TimerFired) -> Team | None:
    """The team, if it may be told now: what is still unusual after its quiet hours is told then."""
    teams = await context.uow.teams.teams(context.community)
    team = next((team for team in teams if settings and team.id == settings.team), None)
    if team is None or (team.limits.quiet is not None and team.limits.quiet.at(event.at)):
        return None
    return team if may_show_cards(await context.uow.channels.get(team.space, team.channel)) else None


async def _unusual(context: Context, settings: SignSettings, event: TimerFired) -> Sequence[tuple[Topical, Found]]:
    """Everything unusual of the sorts that are told of."""
    uow, community = context.uow, context.community
    unusual: list[tuple[Topical, Found]] = []
    for space, channel in await uow.signs.busy(community, event.at, settings.people):
        if _is_looked_at(await uow.channels.get(space, channel)):
            today, *past = await uow.signs.days(community, space, channel, event.at, LONGEST_PAST)
            unusual.extend(
                (Topical(one.sort, space, channel, one.competitor), one)
                for one in found(today, past, settings.people)
                if one.sort in settings.sorts
            )
    return unusual


def _is_looked_at(channel: Channel | None) -> bool:
    """Where several customers talk and may be overheard: how a private circle feels is nobody else's news."""
    return channel is not None and not channel.direct and channel.audience in (Audience.PUBLIC, Audience.MEMBERS)


async def _tell(context: Context, team: Team, about: Topical, one: Found, event: TimerFired) -> Outgoing:
    evidence = await context.uow.signs.evidence(context.community, about, event.at, EVIDENCE)
    sign = Sign(
        post=context.outbox_id(),
        found=one,
        space=about.space,
        channel=about.channel,
        at=event.at,
        team_space=team.space,
        team_channel=team.channel,
        evidence=tuple(evidence),
    )
    await context.uow.signs.add(context.community, sign)
    unchanged = AudienceUnchanged(team.space, team.channel, Audience.INTERNAL)
    post = Post(team.space, team.channel, SignOf(sign.post))
    return Outgoing(post, preconditions=(unchanged,), asked=Asked.YES, id=sign.post)
